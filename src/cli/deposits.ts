import {
  type BankStatementImportShown,
  bankText,
  type DepositShown,
  type UnallocatedPaymentShown,
} from '../adapters/http/index.ts';
import { PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { DEPOSIT, DEPOSIT_LIST } from './deposit-list.ts';
import { bytesOfFile } from './given-file.ts';
import { priced } from './money-text.ts';
import { type Items, withQuery } from './service-client.ts';
import { CalledWrongly, serviceCommand, type VerbCall } from './service-command.ts';
import { type Column, table } from './table.ts';

type ImportedLine = BankStatementImportShown['lines'][number];

const LINE: readonly Column<ImportedLine>[] = [
  { title: 'line', of: ({ line }) => line },
  { title: 'day', of: ({ day }) => day },
  { title: 'amount', of: ({ amount }) => priced(amount) },
  { title: 'payer', of: ({ payer }) => payer },
  { title: 'for', of: ({ paymentReference }) => paymentReference },
  { title: 'outcome', of: ({ outcome }) => outcome },
  { title: 'reason', of: ({ reason }) => reason },
];

const QUEUED: readonly Column<UnallocatedPaymentShown>[] = [
  { title: 'deposit', of: ({ deposit }) => deposit.id },
  { title: 'amount', of: ({ deposit }) => priced(deposit.amount) },
  { title: 'payer', of: ({ deposit }) => deposit.payer },
  { title: 'remark', of: ({ deposit }) => deposit.remark },
  { title: 'reason', of: ({ deposit }) => deposit.reason },
  {
    title: 'may be for',
    of: ({ suggestions: [first, ...others] }) =>
      first &&
      `${first.kind} ${first.id} (${first.description}${first.isSameName ? ', same name' : ''})` +
        (others.length === 0 ? '' : ` and ${others.length} more`),
  },
];

/** `omnidial deposits`: money that came in, and what it is for (R9). */
export const deposits = serviceCommand('deposits', [
  {
    name: 'import',
    summary: 'records what a bank statement (CSV, in UTF-8 or EUC-KR) says has come in',
    arguments: ['file.csv'],
    options: {
      currency: { value: '<code>', about: 'of the account: KRW', isRequired: true },
      'dry-run': { value: '', about: 'only say what would become of each line' },
    },
    run: async ({ client, argument, option, show }) => {
      const dryRun = option('dry-run') === undefined ? 'false' : 'true';
      const path = withQuery('/v1/bank-statements', { currency: option('currency'), dryRun });
      const text = bankText(bytesOfFile(argument('file.csv')));
      const made = await client.postText<BankStatementImportShown>(path, 'text/csv', text);
      show.text(made, told(made));
    },
  },
  {
    name: 'list',
    summary: 'all money that came in, newest first',
    ...DEPOSIT_LIST,
  },
  {
    name: 'queue',
    summary: 'money that nobody knows a purpose for, with what it may be for',
    arguments: [],
    options: PAGE_OPTIONS,
    run: async (call) =>
      call.show.list(
        await call.client.get<Items<UnallocatedPaymentShown>>('/v1/unallocated-payments', pageAsked(call)),
        QUEUED,
      ),
  },
  {
    name: 'assign',
    summary: 'says what money is for: an order, a bill, or the credit of a member',
    arguments: ['deposit'],
    options: {
      order: { value: '<id>', about: 'the order that it pays' },
      bill: { value: '<id>', about: 'the bill that it pays' },
      member: { value: '<id>', about: 'whose credit it becomes' },
    },
    run: async (call) => {
      const given = ['order', 'bill', 'member'].flatMap((kind) => {
        const id = call.option(kind);
        return id === undefined ? [] : [{ [`${kind}Id`]: id }];
      });
      const [subject, ...more] = given;
      if (subject === undefined || more.length > 0) {
        throw new CalledWrongly('Give one of --order, --bill and --member.');
      }
      await allocate(call, subject);
    },
  },
  {
    name: 'send-back',
    summary: 'says that money has to go back; note it with `omnidial numbers refund` once it did',
    arguments: ['deposit'],
    options: { reason: { value: '<text>', about: 'for the books', isRequired: true } },
    run: (call) => allocate(call, { sendBack: true, reason: call.option('reason') }),
  },
]);

async function allocate({ client, argument, show }: VerbCall, body: object): Promise<void> {
  const path = pathOf('unallocated-payments', argument('deposit'), 'allocation');
  const { deposit } = await client.post<{ deposit: DepositShown }>(path, body);
  show.one(deposit, DEPOSIT);
}

function told({ isDryRun, lines, faults, debits }: BankStatementImportShown): string {
  const parts = [
    lines.length === 0 ? '' : table(lines, LINE),
    ...faults.map(({ line, detail }) => `Line ${line} cannot be read: ${detail}\n`),
  ];
  const fresh = lines.filter(({ outcome }) => outcome !== 'known').length;
  const done = isDryRun ? 'would be recorded' : 'recorded';
  parts.push(
    `${fresh} ${done}, ${lines.length - fresh} known before, ${debits} of money that went out, ` +
      `${faults.length} cannot be read.\n`,
  );
  return parts.join('');
}
