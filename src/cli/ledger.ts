import type {
  CallTaxShown,
  LedgerAccountShown,
  LedgerAuditShown,
  LedgerLineShown,
} from '../adapters/http/index.ts';
import { given, PAGE_OPTIONS, pageAsked } from './asked.ts';
import { AMOUNT_OPTIONS, priced } from './money-text.ts';
import type { Items } from './service-client.ts';
import { serviceCommand } from './service-command.ts';
import type { Column } from './table.ts';

const LINE: readonly Column<Omit<LedgerLineShown, 'line'>>[] = [
  { title: 'at', of: ({ at }) => at },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'debit', of: ({ debit }) => debit },
  { title: 'credit', of: ({ credit }) => credit },
  { title: 'amount', of: ({ amount }) => priced(amount) },
  { title: 'purpose', of: ({ purpose }) => purpose },
  { title: 'about', of: ({ subject }) => subject },
  { title: 'rate', of: ({ exchangeRate }) => exchangeRate },
  { title: 'reason', of: ({ reason }) => reason },
];

/** `omnidial ledger`: the books (R24). */
export const ledger = serviceCommand('ledger', [
  {
    name: 'accounts',
    summary: 'how all accounts stand',
    arguments: [],
    options: {
      prefix: { value: '<text>', about: 'those that begin with it: member/, trunk/' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const query = { prefix: call.option('prefix'), ...pageAsked(call) };
      call.show.list(await call.client.get<Items<LedgerAccountShown>>('/v1/ledger/accounts', query), [
        { title: 'account', of: ({ account }) => account },
        { title: 'kind', of: ({ kind }) => kind },
        { title: 'balance', of: ({ balance }) => priced(balance) },
        { title: 'debits', of: ({ debits }) => debits.amount },
        { title: 'credits', of: ({ credits }) => credits.amount },
        { title: 'pending', of: ({ pending }) => pending.amount },
      ]);
    },
  },
  {
    name: 'lines',
    summary: 'lines, newest first',
    arguments: [],
    options: {
      account: { value: '<account>', about: 'bank, number-sales, member/<id> and so on' },
      currency: { value: '<code>', about: 'KRW' },
      subject: { value: '<kind/id>', about: 'what they are about: order/<id>, bill/<id>' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const { client, option, show } = call;
      const filter = { account: option('account'), currency: option('currency'), subject: option('subject') };
      const query = { ...filter, ...pageAsked(call) };
      show.list(await client.get<Items<LedgerLineShown>>('/v1/ledger/lines', query), LINE);
    },
  },
  {
    name: 'call-taxes',
    summary: 'the tax in what members paid for calls, by month',
    arguments: [],
    run: async ({ client, show }) => {
      show.list(await client.get<Items<CallTaxShown>>('/v1/ledger/call-taxes'), [
        { title: 'from', of: ({ from }) => from },
        { title: 'until', of: ({ until }) => until },
        { title: 'revenue', of: ({ revenue }) => priced(revenue) },
        { title: 'rate', of: ({ taxRate }) => taxRate },
        { title: 'tax', of: ({ tax }) => tax.amount },
        { title: 'net', of: ({ net }) => net.amount },
      ]);
    },
  },
  {
    name: 'audit',
    summary: 'looks over the whole ledger: sums of currencies, and every account against its lines',
    arguments: [],
    run: async ({ client, show }) => {
      const audit = await client.get<LedgerAuditShown>('/v1/ledger/audit');
      const faults = [
        ...audit.unbalanced.map((sum) => `The accounts of ${sum.currency} add up to ${sum.amount}.\n`),
        ...audit.deviating.map(
          ({ account, currency }) => `${account} in ${currency} stands otherwise than its lines say.\n`,
        ),
      ];
      const looked = `${audit.accounts} accounts, ${audit.lines} lines`;
      show.text(audit, audit.isSound ? `${looked}: everything adds up.\n` : `${looked}.\n${faults.join('')}`);
    },
  },
  {
    name: 'adjust',
    summary: 'moves money by hand; a mistake is mended by another transfer',
    arguments: ['debit', 'credit'],
    options: {
      ...AMOUNT_OPTIONS,
      purpose: { value: '<word>', about: 'adjustment, correction, fee, payout, tax or write-off' },
      reason: { value: '<text>', about: 'for the books', isRequired: true },
      confirm: { value: '<amount>', about: 'the amount again: "5000 KRW"', isRequired: true },
    },
    run: async ({ client, argument, option, show }) => {
      const body = given({
        debit: argument('debit'),
        credit: argument('credit'),
        amount: { amount: option('amount'), currency: option('currency') },
        purpose: option('purpose'),
        reason: option('reason'),
        confirmation: option('confirm'),
      });
      show.one(await client.post<Omit<LedgerLineShown, 'line'>>('/v1/ledger/adjustments', body), LINE);
    },
  },
  {
    name: 'exchange',
    summary: 'turns money on an account into another currency; one line in each, with the rate',
    arguments: ['account'],
    options: {
      ...AMOUNT_OPTIONS,
      into: { value: '<amount>', about: 'what it became: 139025', isRequired: true },
      'into-currency': { value: '<code>', about: 'USD', isRequired: true },
      reason: { value: '<text>', about: 'for the books', isRequired: true },
      confirm: { value: '<text>', about: 'both again: "100.00 USD into 139025 KRW"', isRequired: true },
    },
    run: async ({ client, argument, option, show }) => {
      const body = given({
        account: argument('account'),
        sold: { amount: option('amount'), currency: option('currency') },
        bought: { amount: option('into'), currency: option('into-currency') },
        reason: option('reason'),
        confirmation: option('confirm'),
      });
      show.list(await client.post<Items<Omit<LedgerLineShown, 'line'>>>('/v1/ledger/exchanges', body), LINE);
    },
  },
]);
