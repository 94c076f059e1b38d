import type { ChargeShown, MarginShown } from '../adapters/http/index.ts';
import { PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { momentAsked } from './moment-asked.ts';
import { AMOUNT_OPTIONS, priced } from './money-text.ts';
import { saveCsv } from './save-file.ts';
import { type Items, withQuery } from './service-client.ts';
import { serviceCommand, type VerbCall, type VerbOption } from './service-command.ts';
import type { Column } from './table.ts';

const CHARGE: readonly Column<ChargeShown>[] = [
  { title: 'charge', of: ({ id }) => id },
  { title: 'ended', of: ({ endedAt }) => endedAt },
  { title: 'account', of: ({ account }) => account },
  { title: 'paid by', of: ({ paidBy }) => paidBy },
  { title: 'number', of: ({ number }) => number },
  { title: 'destination', of: ({ destination }) => destination },
  { title: 'tariff', of: ({ tariff }) => tariff },
  { title: 'seconds', of: ({ billedSeconds }) => billedSeconds },
  { title: 'amount', of: ({ amount }) => priced(amount) },
  { title: 'corrected', of: ({ correction }) => correction?.reason },
];

const FILTER: Readonly<Record<string, VerbOption>> = {
  account: {
    value: '<account>',
    about: 'member/<id> or trunk/<name>; yours where absent, all for operators',
  },
  kind: { value: '<kind>', about: 'sale, cost or inbound' },
  from: { value: '<date>', about: 'calls that ended then or later: 2026-10-01, or with a time' },
  until: { value: '<date>', about: 'calls that ended before' },
  number: { value: '<digits>', about: 'what the number begins with: +82' },
};

/** `omnidial charges`: what calls were charged (R23). */
export const charges = serviceCommand('charges', [
  {
    name: 'list',
    summary: 'what calls were charged, newest first',
    arguments: [],
    options: { ...FILTER, ...PAGE_OPTIONS },
    run: async (call) => {
      const query = { ...filterAsked(call), ...pageAsked(call) };
      call.show.list(await call.client.get<Items<ChargeShown>>('/v1/charges', query), CHARGE);
    },
  },
  {
    name: 'export',
    summary: 'all of them as CSV, in a file that is not there yet',
    arguments: ['file.csv'],
    options: FILTER,
    run: async (call) => {
      const path = withQuery('/v1/charges.csv', filterAsked(call));
      const file = call.argument('file.csv');
      await saveCsv(call.client, path, file);
      call.show.text({ saved: file }, `${file} is saved.\n`);
    },
  },
  {
    name: 'correct',
    summary: 'corrects what a leg of a call costs; what it changes is moved in the ledger',
    arguments: ['charge'],
    options: {
      ...AMOUNT_OPTIONS,
      reason: { value: '<text>', about: 'why', isRequired: true },
      confirm: { value: '<call>', about: 'the id of the call', isRequired: true },
    },
    run: async ({ client, argument, option, show }) => {
      const body = {
        amount: { amount: option('amount'), currency: option('currency') },
        reason: option('reason'),
        confirmation: option('confirm'),
      };
      const path = pathOf('charges', argument('charge'), 'corrections');
      show.one(await client.post<ChargeShown>(path, body), CHARGE);
    },
  },
]);

/** `omnidial margins`: what calls earned (R23). */
export const margins = serviceCommand('margins', [
  {
    name: '',
    summary: 'what calls earned in a time, each currency apart',
    arguments: [],
    options: {
      by: { value: '<what>', about: 'destination, carrier or member; destination where absent' },
      from: { value: '<date>', about: 'calls that ended then or later: 2026-10-01', isRequired: true },
      until: { value: '<date>', about: 'calls that ended before', isRequired: true },
    },
    run: async ({ client, option, show }) => {
      const query = {
        by: option('by'),
        from: momentAsked(option('from')),
        until: momentAsked(option('until')),
      };
      show.list(await client.get<Items<MarginShown>>('/v1/margins', query), [
        { title: option('by') ?? 'destination', of: ({ key }) => (key === '' ? '-' : key) },
        { title: 'calls', of: ({ calls }) => calls },
        { title: 'minutes', of: ({ minutes }) => minutes },
        { title: 'average s', of: ({ averageSeconds }) => averageSeconds },
        { title: 'revenue', of: ({ revenue }) => priced(revenue) },
        { title: 'cost', of: ({ cost }) => priced(cost) },
        { title: 'margin', of: ({ margin }) => priced(margin) },
      ]);
    },
  },
]);

function filterAsked({ option }: VerbCall) {
  return {
    account: option('account'),
    kind: option('kind'),
    from: momentAsked(option('from')),
    until: momentAsked(option('until')),
    numberPrefix: option('number'),
  };
}
