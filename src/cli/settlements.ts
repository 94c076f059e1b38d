import type {
  ReconciliationShown,
  SettlementListedShown,
  SettlementPreviewShown,
  SettlementShown,
} from '../adapters/http/index.ts';
import { given, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { textOfFile } from './given-file.ts';
import { AMOUNT_OPTIONS } from './money-text.ts';
import { saveCsv } from './save-file.ts';
import { type Items, withQuery } from './service-client.ts';
import { CalledWrongly, serviceCommand, type Verb, type VerbCall } from './service-command.ts';
import { BRIEF, reconciliationText, settlementText, statementText } from './settlement-text.ts';

const CURRENCY = { currency: { value: '<code>', about: 'that of the agreement where absent' } } as const;

const LOOKING: readonly Verb[] = [
  {
    name: 'list',
    summary: 'settlements that were closed, newest first',
    arguments: [],
    options: {
      trunk: { value: '<name>', about: 'with which network' },
      state: { value: '<state>', about: 'closed, disputed, confirmed or paid' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const query = { trunk: call.option('trunk'), state: call.option('state'), ...pageAsked(call) };
      call.show.list(await call.client.get<Items<SettlementListedShown>>('/v1/settlements', query), BRIEF);
    },
  },
  {
    name: 'next',
    summary: 'what the oldest open period with a trunk comes to, as of now',
    arguments: ['trunk'],
    options: CURRENCY,
    run: async ({ client, argument, option, show }) => {
      const query = { trunk: argument('trunk'), currency: option('currency') };
      const preview = await client.get<SettlementPreviewShown>('/v1/settlements/next', query);
      const { period, isOver, statement } = preview;
      const head = `${period.name}: ${period.from} to ${period.until}${isOver ? '' : ', not over yet'}\n`;
      show.text(preview, head + statementText(statement));
    },
  },
  {
    name: 'show',
    summary: 'a settlement with its statement, and what is in dispute',
    arguments: ['settlement'],
    run: async ({ client, argument, show }) => {
      const settlement = await client.get<SettlementShown>(pathOf('settlements', argument('settlement')));
      show.text(settlement, settlementText(settlement));
    },
  },
  {
    name: 'export',
    summary: 'every charge of a settlement as CSV, in a file that is not there yet',
    arguments: ['settlement', 'file.csv'],
    run: async ({ client, argument, show }) => {
      const file = argument('file.csv');
      await saveCsv(client, pathOf('settlements', argument('settlement'), 'charges.csv'), file);
      show.text({ saved: file }, `${file} is saved.\n`);
    },
  },
  {
    name: 'statement',
    summary: 'issues the statement as a document, once; `omnidial documents save` saves it as PDF',
    arguments: ['settlement'],
    options: { language: { value: '<language>', about: 'ko or en; en where absent' } },
    run: async ({ client, argument, option, show }) => {
      const path = pathOf('settlements', argument('settlement'), 'document');
      const issued = await client.post<{ id: string; number: string }>(
        path,
        given({ language: option('language') }),
      );
      show.text(issued, `${issued.number} is document ${issued.id}.\n`);
    },
  },
];

const STEPS: readonly Verb[] = [
  {
    name: 'close',
    summary: 'closes the oldest open period with a trunk; calls that become known later belong to the next',
    arguments: ['trunk', 'period'],
    options: CURRENCY,
    run: async ({ client, argument, option, show }) => {
      const body = given({
        trunk: argument('trunk'),
        period: argument('period'),
        currency: option('currency'),
      });
      const closed = await client.post<SettlementShown>('/v1/settlements', body);
      show.text(closed, settlementText(closed));
    },
  },
  {
    name: 'confirm',
    summary: 'both sides agree on the statement',
    arguments: ['settlement'],
    run: async ({ client, argument, show }) => {
      const path = pathOf('settlements', argument('settlement'), 'confirm');
      show.one(await client.post<SettlementShown>(path), BRIEF);
    },
  },
  {
    name: 'pay',
    summary: 'notes what was really paid; what is left goes into the next settlement',
    arguments: ['settlement'],
    options: {
      ...AMOUNT_OPTIONS,
      reference: { value: '<text>', about: 'what the bank calls it', isRequired: true },
      direction: { value: '<way>', about: 'to-partner or from-partner; as is due where absent' },
      'carry-forward': { value: '', about: 'with an amount of 0: all that is due goes into the next one' },
    },
    run: async ({ client, argument, option, show }) => {
      if (Number(option('amount')) === 0 && option('carry-forward') === undefined) {
        throw new CalledWrongly(
          'A payment of 0 ends the settlement and leaves all that is due to the next one: give --carry-forward.',
        );
      }
      const body = given({
        amount: { amount: option('amount'), currency: option('currency') },
        reference: option('reference'),
        direction: option('direction'),
      });
      const path = pathOf('settlements', argument('settlement'), 'payment');
      show.one(await client.post<SettlementShown>(path, body), BRIEF);
    },
  },
];

const DISPUTES: readonly Verb[] = [
  {
    name: 'reconcile',
    summary: 'compares a settlement with the call records of the other network (CSV)',
    arguments: ['settlement', 'records.csv'],
    options: {
      direction: { value: '<way>', about: 'outbound, inbound or transit; outbound where absent' },
      'time-zone': { value: '<zone>', about: 'of their times; that of the agreement where absent' },
      country: { value: '<country>', about: 'of numbers without a country code: KR' },
      'own-numbers': { value: '', about: 'the numbers are the network’s own: only digits are compared' },
      'date-order': { value: '<order>', about: 'day-first or month-first, of dates such as 03/04/2026' },
      tolerance: { value: '<s>', about: 'how far beginnings may be apart' },
      columns: { value: '<list>', about: 'caller=A,called=B,start=C,duration=D,price=E by their headings' },
      dispute: { value: '', about: 'puts what differs into dispute' },
    },
    run: reconcile,
  },
  {
    name: 'dispute',
    summary: 'puts an item into dispute',
    arguments: ['settlement'],
    options: {
      what: { value: '<text>', about: 'what is wrong', isRequired: true },
      amount: { value: '<amount>', about: 'what we would owe more; below zero, less', isRequired: true },
      call: { value: '<id>', about: 'which call it is about' },
    },
    run: async ({ client, argument, option, show }) => {
      const item = given({ what: option('what'), amount: option('amount'), callId: option('call') });
      const path = pathOf('settlements', argument('settlement'), 'dispute');
      const disputed = await client.post<SettlementShown>(path, { items: [item] });
      show.text(disputed, settlementText(disputed));
    },
  },
  {
    name: 'resolve',
    summary: 'ends a dispute: some items are granted as they were disputed, the others are not',
    arguments: ['settlement'],
    options: {
      grant: { value: '<items>', about: '1,3 or all; none where absent' },
      because: { value: '<text>', about: 'why', isRequired: true },
    },
    run: resolve,
  },
];

/** `omnidial settlements`: what is owed between us and other networks (R23). */
export const settlements = serviceCommand('settlements', [...LOOKING, ...STEPS, ...DISPUTES]);

async function reconcile({ client, argument, option, show }: VerbCall): Promise<void> {
  const query = {
    direction: option('direction'),
    timeZone: option('time-zone'),
    country: option('country'),
    ownNumbers: option('own-numbers') === undefined ? undefined : 'true',
    dateOrder: option('date-order'),
    toleranceSeconds: option('tolerance'),
    ...columnsAsked(option('columns')),
  };
  const path = withQuery(pathOf('settlements', argument('settlement'), 'reconciliations'), query);
  const found = await client.postText<ReconciliationShown>(
    path,
    'text/csv',
    textOfFile(argument('records.csv')),
  );
  if (option('dispute') === undefined) {
    show.text(found, reconciliationText(found));
    return;
  }
  const disputed = await client.post<SettlementShown>(pathOf('reconciliations', found.id, 'dispute'), {});
  show.text(
    { reconciliation: found, settlement: disputed },
    `${reconciliationText(found)}Items in dispute: ${disputed.disputed.length}.\n`,
  );
}

async function resolve({ client, argument, option, show }: VerbCall): Promise<void> {
  const id = argument('settlement');
  const { disputed } = await client.get<SettlementShown>(pathOf('settlements', id));
  const asked = option('grant') ?? '';
  const granted = new Set(asked.split(',').filter((item) => item !== ''));
  const waiting = disputed.filter(({ outcome }) => outcome === undefined);
  const unknown = [...granted].filter(
    (each) => each !== 'all' && !waiting.some(({ item }) => String(item) === each),
  );
  if (unknown.length > 0) throw new CalledWrongly(`There is no item ${unknown[0]} in dispute.`);
  const outcomes = waiting.map(({ item, amount }) => ({
    item,
    amount: granted.has('all') || granted.has(String(item)) ? amount.amount : '0',
    because: option('because'),
  }));
  show.one(await client.post<SettlementShown>(pathOf('settlements', id, 'resolve'), { outcomes }), BRIEF);
}

function columnsAsked(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  return Object.fromEntries(
    text.split(',').map((each) => {
      const [, part, heading] =
        /^(caller|called|start|duration|price|currency)=(.+)$/.exec(each.trim()) ?? [];
      if (part === undefined || heading === undefined) {
        throw new CalledWrongly(`"${each}" names no column: write called=B-Number.`);
      }
      return [`${part}Column`, heading];
    }),
  );
}
