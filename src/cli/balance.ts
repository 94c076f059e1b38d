import type { BalanceShown, BillShown } from '../adapters/http/index.ts';
import { given, MEMBER_OPTION, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { AMOUNT_OPTIONS, CARD_OPTIONS, type CardPage, priced, waysBack } from './money-text.ts';
import type { Items } from './service-client.ts';
import { serviceCommand } from './service-command.ts';
import type { Column } from './table.ts';

const BILL: readonly Column<BillShown>[] = [
  { title: 'bill', of: ({ id }) => id },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'for', of: ({ description }) => description },
  { title: 'amount', of: ({ amount }) => priced(amount) },
  { title: 'state', of: ({ state }) => state },
  { title: 'due', of: ({ dueAt }) => dueAt },
  { title: 'pay with reference', of: ({ paymentReference }) => paymentReference },
  {
    title: 'pay to',
    of: ({ depositTo }) => depositTo && `${depositTo.bank} ${depositTo.account} (${depositTo.holder})`,
  },
];

/** `omnidial top-up`: prepaid credit (R23). */
export const topUp = serviceCommand('top-up', [
  {
    name: '',
    summary: 'asks for prepaid credit; it is there once the money is',
    arguments: [],
    options: { ...AMOUNT_OPTIONS, ...MEMBER_OPTION },
    run: async ({ client, option, show }) => {
      const amount = { amount: option('amount'), currency: option('currency') };
      const body = given({ amount, memberId: option('member') });
      show.one(await client.post<BillShown>('/v1/top-ups', body), BILL);
    },
  },
]);

/** `omnidial bills`: what is to be paid besides numbers. */
export const bills = serviceCommand('bills', [
  {
    name: 'list',
    summary: 'bills, newest first',
    arguments: [],
    options: {
      ...MEMBER_OPTION,
      state: { value: '<state>', about: 'open, paid, cancelled, expired or refunded' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const { client, option, show } = call;
      const query = { memberId: option('member'), state: option('state'), ...pageAsked(call) };
      show.list(await client.get<Items<BillShown>>('/v1/bills', query), BILL.slice(0, -1));
    },
  },
  {
    name: 'show',
    summary: 'one bill',
    arguments: ['bill'],
    run: async ({ client, argument, show }) =>
      show.one(await client.get<BillShown>(pathOf('bills', argument('bill'))), BILL),
  },
  {
    name: 'pay',
    summary: 'a page on which an open bill is paid by card, where cards are taken',
    arguments: ['bill'],
    options: CARD_OPTIONS,
    run: async ({ client, argument, option, show }) => {
      const made = await client.post<CardPage>('/v1/card-checkouts', {
        billId: argument('bill'),
        ...waysBack(option),
      });
      show.text(made, `${made.url}\n`);
    },
  },
  {
    name: 'cancel',
    summary: 'gives up a bill that was not paid',
    arguments: ['bill'],
    run: async ({ client, argument, show }) =>
      show.one(await client.post<BillShown>(pathOf('bills', argument('bill'), 'cancellation')), BILL),
  },
]);

/** `omnidial balance`: what a member has with us. */
export const balance = serviceCommand('balance', [
  {
    name: '',
    summary: 'what a member has with the service, by currency',
    arguments: [],
    options: MEMBER_OPTION,
    run: async ({ client, option, show }) =>
      show.list(await client.get<Items<BalanceShown>>('/v1/balances', { memberId: option('member') }), [
        { title: 'balance', of: (one) => priced(one.balance) },
        { title: 'reserved', of: (one) => priced(one.reserved) },
        { title: 'credit limit', of: (one) => priced(one.creditLimit) },
        { title: 'available', of: (one) => priced(one.available) },
      ]),
  },
]);
