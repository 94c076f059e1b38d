import type {
  AvailableNumberShown,
  DepositShown,
  HeldNumberShown,
  NumberRangeShown,
  OrderShown,
} from '../adapters/http/index.ts';
import { countryCodeAsked, given, MEMBER_OPTION, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { DEPOSIT, DEPOSIT_LIST } from './deposit-list.ts';
import { AMOUNT_OPTIONS, CARD_OPTIONS, type CardPage, priced, waysBack } from './money-text.ts';
import type { Items } from './service-client.ts';
import { serviceCommand, type Verb } from './service-command.ts';
import type { Column } from './table.ts';

const COUNTRY = { value: '<country>', about: 'KR or 082; of personal numbers' };

const ORDER: readonly Column<OrderShown>[] = [
  { title: 'order', of: ({ id }) => id },
  { title: 'number', of: ({ number }) => number.text },
  { title: 'state', of: ({ state }) => state },
  { title: 'price', of: ({ price }) => priced(price) },
  { title: 'held until', of: ({ heldUntil }) => heldUntil },
  { title: 'pay with reference', of: ({ paymentRequest }) => paymentRequest?.reference },
  { title: 'pay to', of: ({ paymentRequest }) => paymentRequest && placeOf(paymentRequest) },
];

function placeOf({ depositTo }: NonNullable<OrderShown['paymentRequest']>): string {
  if (depositTo === undefined) return 'ask the operator of the service';
  return `${depositTo.bank} ${depositTo.account} (${depositTo.holder})`;
}

const RENEWAL: readonly Column<HeldNumberShown>[] = [
  { title: 'number', of: ({ text }) => text },
  { title: 'order', of: ({ orderId }) => orderId },
  { title: 'paid until', of: ({ paidUntil }) => paidUntil },
  { title: 'state', of: ({ renewal }) => renewal.state },
  { title: 'paid', of: ({ renewal }) => renewal.mode },
  { title: 'bill', of: ({ renewal }) => renewal.billId },
  { title: 'works until', of: ({ renewal }) => renewal.graceUntil },
];

const RANGE: readonly Column<NumberRangeShown>[] = [
  { title: 'id', of: ({ id }) => id },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'country', of: ({ countryCode }) => countryCode },
  { title: 'numbers', of: ({ range }) => range },
  { title: 'price', of: ({ price }) => priced(price) },
  { title: 'memorable', of: ({ memorableSurcharge }) => `+ ${memorableSurcharge.amount}` },
  { title: 'another year', of: ({ renewalPrice }) => priced(renewalPrice) },
];

const BUYING: readonly Verb[] = [
  {
    name: 'search',
    summary: 'the numbers that can be bought now',
    arguments: [],
    options: {
      kind: { value: 'personal|enterprise', about: 'personal where absent' },
      country: COUNTRY,
      pattern: { value: '<pattern>', about: 'digits, ? for one and * for any: 62??6200' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const { client, option, show } = call;
      const query = { kind: option('kind') ?? 'personal', pattern: option('pattern'), ...pageAsked(call) };
      const country = countryCodeAsked(option('country'));
      show.list(
        await client.get<Items<AvailableNumberShown>>('/v1/available-numbers', { ...query, country }),
        [
          { title: 'number', of: ({ number }) => number.text },
          { title: 'price', of: ({ price }) => priced(price) },
        ],
      );
    },
  },
  {
    name: 'order',
    summary: 'asks for a number: approved with a price and held, or refused with the reason',
    arguments: ['number'],
    options: MEMBER_OPTION,
    run: async ({ client, argument, option, show }) => {
      const body = given({ number: argument('number'), memberId: option('member') });
      show.one(await client.post<OrderShown>('/v1/number-orders', body), ORDER);
    },
  },
  {
    name: 'confirm',
    summary: 'buys the number of an approved order; the answer says how to pay',
    arguments: ['order'],
    run: async ({ client, argument, show }) =>
      show.one(
        await client.post<OrderShown>(pathOf('number-orders', argument('order'), 'confirmation')),
        ORDER,
      ),
  },
  {
    name: 'pay',
    summary: 'a page on which a confirmed order is paid by card, where cards are taken',
    arguments: ['order'],
    options: CARD_OPTIONS,
    run: async ({ client, argument, option, show }) => {
      const made = await client.post<CardPage>('/v1/card-checkouts', {
        orderId: argument('order'),
        ...waysBack(option),
      });
      show.text(made, `${made.url}\n`);
    },
  },
  {
    name: 'cancel',
    summary: 'gives up a purchase that was not paid',
    arguments: ['order'],
    run: async ({ client, argument, show }) =>
      show.one(
        await client.post<OrderShown>(pathOf('number-orders', argument('order'), 'cancellation')),
        ORDER,
      ),
  },
  {
    name: 'show',
    summary: 'one order',
    arguments: ['order'],
    run: async ({ client, argument, show }) =>
      show.one(await client.get<OrderShown>(pathOf('number-orders', argument('order'))), ORDER),
  },
  {
    name: 'orders',
    summary: 'orders, newest first',
    arguments: [],
    options: {
      ...MEMBER_OPTION,
      state: { value: '<state>', about: 'such as awaiting-payment' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const { client, option, show } = call;
      const query = { memberId: option('member'), state: option('state'), ...pageAsked(call) };
      show.list(await client.get<Items<OrderShown>>('/v1/number-orders', query), ORDER.slice(0, 5));
    },
  },
  {
    name: 'list',
    summary: 'the numbers a member holds',
    arguments: [],
    options: MEMBER_OPTION,
    run: async ({ client, option, show }) => {
      const query = { memberId: option('member') };
      show.list(await client.get<Items<HeldNumberShown>>('/v1/numbers', query), [
        { title: 'number', of: ({ text }) => text },
        { title: 'kind', of: ({ kind }) => kind },
        { title: 'paid until', of: ({ paidUntil }) => paidUntil },
      ]);
    },
  },
  {
    name: 'renewals',
    summary: 'until when the numbers of a member are paid for, and what is to be paid',
    arguments: [],
    options: MEMBER_OPTION,
    run: async ({ client, option, show }) => {
      const query = { memberId: option('member') };
      show.list(await client.get<Items<HeldNumberShown>>('/v1/numbers', query), RENEWAL);
    },
  },
  {
    name: 'renew',
    summary: 'says how another year of a number is paid: by a bill, or from prepaid credit',
    arguments: ['order'],
    options: { mode: { value: 'by-bill|from-credit', about: 'from now on', isRequired: true } },
    run: async ({ client, argument, option, show }) => {
      const path = pathOf('number-orders', argument('order'), 'renewal');
      show.one(await client.put<HeldNumberShown>(path, { mode: option('mode') }), RENEWAL);
    },
  },
  {
    name: 'release',
    summary: 'gives a number back, for good',
    arguments: ['order'],
    options: { confirm: { value: '<number>', about: 'the number itself', isRequired: true } },
    run: async ({ client, argument, option, show }) => {
      const body = { confirmation: option('confirm') };
      show.one(
        await client.post<OrderShown>(pathOf('number-orders', argument('order'), 'release'), body),
        ORDER,
      );
    },
  },
];

/** What came of a deposit, in a sentence. */
function newsOf({ deposit, order }: { readonly deposit: DepositShown; readonly order?: OrderShown }): string {
  switch (deposit.disposition) {
    case 'accepted':
      return order === undefined
        ? 'The bill is paid.'
        : `${order.number.text} belongs to member ${order.memberId} now.`;
    case 'unallocated':
      return 'It was recorded before, without a purpose: give it one by `omnidial deposits assign`.';
    case 'refund-due':
    case 'refunded':
      return `The money has to go back: ${deposit.reason ?? 'there was nothing left to pay'}`;
  }
}

const SELLING: readonly Verb[] = [
  {
    name: 'deposit',
    summary: 'records money that arrived: the number becomes the buyer’s (operator)',
    arguments: ['reference'],
    options: {
      notice: { value: '<text>', about: 'the bank’s own reference of the transfer', isRequired: true },
      ...AMOUNT_OPTIONS,
    },
    run: async ({ client, argument, option, show }) => {
      const amount = { amount: option('amount'), currency: option('currency') };
      const body = { paymentReference: argument('reference'), noticeId: option('notice'), amount };
      const answer = await client.post<{ deposit: DepositShown; order?: OrderShown }>('/v1/deposits', body);
      show.text(answer, `${newsOf(answer)}\n`);
    },
  },
  {
    name: 'deposits',
    summary: 'deposits, newest first (operator)',
    ...DEPOSIT_LIST,
  },
  {
    name: 'refund',
    summary: 'notes that money which had to go back went back (operator)',
    arguments: ['deposit'],
    run: async ({ client, argument, show }) =>
      show.one(await client.post<DepositShown>(pathOf('deposits', argument('deposit'), 'refund')), DEPOSIT),
  },
  {
    name: 'undo',
    summary:
      'undoes what a deposit paid for: the number goes out of service, the money has to go back (operator)',
    arguments: ['deposit'],
    options: { reason: { value: '<text>', about: 'for the books', isRequired: true } },
    run: async ({ client, argument, option, show }) => {
      const body = { reason: option('reason') };
      show.one(
        await client.post<DepositShown>(pathOf('deposits', argument('deposit'), 'reversal'), body),
        DEPOSIT,
      );
    },
  },
  {
    name: 'ranges',
    summary: 'the ranges of numbers on sale, with their prices',
    arguments: [],
    run: async ({ client, show }) => {
      const { numbers } = await client.get<{ numbers: readonly NumberRangeShown[] }>('/v1/offer');
      show.list({ items: numbers }, RANGE);
    },
  },
  {
    name: 'add-range',
    summary: 'puts a range on sale: 02-6200-XXXX or 6200-XXXX (operator)',
    arguments: ['range'],
    options: {
      country: COUNTRY,
      price: { value: '<amount>', about: 'of one number', isRequired: true },
      currency: { value: '<code>', about: 'KRW', isRequired: true },
      memorable: { value: '<amount>', about: 'added for numbers that are easily remembered' },
      renewal: { value: '<amount>', about: 'of another year; the price where not given' },
    },
    run: async ({ client, argument, option, show }) => {
      const inCurrency = (amount: string | undefined) => amount && { amount, currency: option('currency') };
      const body = given({
        range: argument('range'),
        countryCode: countryCodeAsked(option('country')),
        price: inCurrency(option('price')),
        memorableSurcharge: inCurrency(option('memorable')),
        renewalPrice: inCurrency(option('renewal')),
      });
      show.one(await client.post<NumberRangeShown>('/v1/number-ranges', body), RANGE);
    },
  },
  {
    name: 'withdraw-range',
    summary: 'takes a range from sale (operator)',
    arguments: ['id'],
    run: async ({ client, argument, show }) =>
      show.one(
        await client.post<NumberRangeShown>(pathOf('number-ranges', argument('id'), 'withdrawal')),
        RANGE,
      ),
  },
];

/** `omnidial numbers`: search, buy and sell numbers (R5 … R9). */
export const numbers = serviceCommand('numbers', [...BUYING, ...SELLING]);
