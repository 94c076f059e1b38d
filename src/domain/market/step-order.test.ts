import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Money } from '../billing/index.ts';
import type { PostedTransfer } from '../billing/ledger/index.ts';
import type { Payment } from '../billing/payments/index.ts';
import { accept, refuse } from '../refusal/index.ts';
import type { Order, OrderEffect, OrderInput } from './order.ts';
import { HOLD_MS, judgeQuote, PAYMENT_TERM_MS, QUARANTINE_MS, stepOrder } from './step-order.ts';

const PRICE: Money = { currency: 'KRW', micros: 55_000_000_000n };
const quoted = {
  state: 'quoted',
  id: 'order',
  memberId: 'mina',
  number: { kind: 'enterprise', subscriber: '62006200' },
  quotedAtMs: 1_000,
} as const;

const confirmed = (nowMs = 1_000): OrderInput => ({ kind: 'confirmed', paymentReference: 'OD-1', nowMs });
const deposited = (nowMs = 1_000, amount = PRICE): OrderInput => ({
  kind: 'deposited',
  deposit: { id: 'payment', noticeId: 'notice', channel: 'bank', amount },
  taxation: { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' },
  nowMs,
});
const time = (nowMs: number): OrderInput => ({ kind: 'time', nowMs });
const cancelled: OrderInput = { kind: 'cancelled', nowMs: 1_000 };
const assigned: OrderInput = { kind: 'number-assigned', nowMs: 1_000 };
const givenBack: OrderInput = { kind: 'given-back', nowMs: 1_000 };

const payment: Payment = {
  id: 'payment',
  noticeId: 'notice',
  channel: 'bank',
  amount: PRICE,
  taxMicros: 5_000_000_000n,
  disposition: 'accepted',
  recordedAtMs: 1_000,
};
const saleUndone: OrderInput = { kind: 'sale-undone', payment, reason: 'No.', nowMs: 1_000 };
const refundPaid: OrderInput = {
  kind: 'refund-paid',
  payment: { ...payment, disposition: 'refund-due' },
  nowMs: 1_000,
};

function approved(): Order {
  const [order] = judgeQuote(quoted, accept(PRICE));
  if (order.state === 'refused') throw new Error('refused');
  return order;
}

/** The state after these inputs, and what the last one caused; or the refusal of the last one. */
function run(...inputs: OrderInput[]): string {
  let order = approved();
  let told = '';
  for (const input of inputs) {
    const step = stepOrder(order, input);
    if (!step.ok) {
      told = `refused ${step.refusal.code}`;
      continue;
    }
    order = step.value[0];
    told = [order.state, ...step.value[1].map(printEffect)].join(', ');
  }
  return told;
}

function printEffect(effect: OrderEffect): string {
  if (effect.kind === 'post') return effect.entries.map(printEntry).join(', ');
  if ('payment' in effect) return `${effect.kind} ${effect.payment.disposition}`;
  return 'untilMs' in effect ? `${effect.kind} ${effect.untilMs}` : effect.kind;
}

function printEntry({ debit, credit, micros }: PostedTransfer): string {
  return `${debit} > ${credit} ${micros / 1_000_000n}`;
}

const until = 1_000 + HOLD_MS;
const due = 1_000 + PAYMENT_TERM_MS;

describe('R6 … R9: the order, state by state', () => {
  it('R7: is approved with a price while the number is held for 30 minutes', () => {
    const [order, effects] = judgeQuote(quoted, accept(PRICE));
    expect(order).toEqual({ ...quoted, state: 'approved', price: PRICE, heldUntilMs: until });
    expect(effects).toEqual([{ kind: 'hold-number', untilMs: until }]);
    expect(HOLD_MS).toBe(1_800_000);
  });

  it('R7: is refused with the reason, and nothing is held', () => {
    const no = refuse('number-not-for-sale', 'No.');
    expect(judgeQuote(quoted, no)).toEqual([{ ...quoted, state: 'refused', refusal: no.refusal }, []]);
  });

  it.each([
    ['R8: confirmed', [confirmed(5_000)], `awaiting-payment, extend-hold ${5_000 + PAYMENT_TERM_MS}`],
    ['R8: confirmed too late', [confirmed(until)], 'expired, free-number'],
    ['R8: cancelled before', [cancelled], 'cancelled, free-number'],
    ['R8: not confirmed in time', [time(until - 1)], 'approved'],
    ['R8: not confirmed in time', [time(until)], 'expired, free-number'],
    ['R9: paid before it was confirmed', [deposited()], 'refused order-not-confirmed'],
    ['R9: assigned without money', [assigned], 'refused order-closed'],
    ['R9: given back before it was bought', [givenBack], 'refused order-closed'],
    ['R8: confirmed twice', [confirmed(), confirmed(2_000)], 'awaiting-payment'],
    ['R8: cancelled after', [confirmed(), cancelled], 'cancelled, free-number'],
    ['R9: not paid in time', [confirmed(), time(due - 1)], 'awaiting-payment'],
    ['R9: not paid in time', [confirmed(), time(due)], 'expired, free-number'],
    ['R9: confirmed again too late', [confirmed(), confirmed(due)], 'expired, free-number'],
    ['R9: assigned without money', [confirmed(), assigned], 'refused order-closed'],
    [
      'R9: paid',
      [confirmed(), deposited()],
      'paid, record-payment accepted, bank > number-sales 50000, bank > tax 5000, assign-number',
    ],
    ['R9: assigned', [confirmed(), deposited(), assigned], 'assigned'],
    ['R9: too little', [confirmed(), deposited(1_000, { ...PRICE, micros: 1n })], 'refused amount-mismatch'],
    [
      'R9: other money',
      [confirmed(), deposited(1_000, { ...PRICE, currency: 'JPY' })],
      'refused amount-mismatch',
    ],
    [
      'R9: paid late',
      [confirmed(), deposited(due)],
      'expired, free-number, record-payment refund-due, bank > deposits 55000',
    ],
    [
      'R9: paid after the end',
      [confirmed(), cancelled, deposited()],
      'cancelled, record-payment refund-due, bank > deposits 55000',
    ],
    [
      'R9: paid twice',
      [confirmed(), deposited(), assigned, deposited()],
      'assigned, record-payment refund-due, bank > deposits 55000',
    ],
    ['R9: cancelled when paid', [confirmed(), deposited(), assigned, cancelled], 'refused order-closed'],
    [
      'R9: given back',
      [confirmed(), deposited(), assigned, givenBack],
      `released, quarantine-number ${1_000 + QUARANTINE_MS}`,
    ],
    [
      'R9: the sale undone',
      [confirmed(), deposited(), assigned, saleUndone],
      `released, quarantine-number ${1_000 + QUARANTINE_MS}, update-payment refund-due, number-sales > deposits 50000, tax > deposits 5000`,
    ],
    [
      'R9: the money of an undone sale sent back',
      [confirmed(), deposited(), assigned, saleUndone, refundPaid],
      'released, update-payment refunded, deposits > bank 55000',
    ],
    ['R9: a sale undone that was none', [confirmed(), saleUndone], 'refused order-closed'],
    ['R9: given back twice', [confirmed(), deposited(), assigned, givenBack, givenBack], 'released'],
    ['R8: cancelled twice', [cancelled, cancelled], 'cancelled'],
    ['R8: confirmed after the end', [cancelled, confirmed()], 'refused order-closed'],
  ] as const)('%s', (_, inputs, outcome) => {
    expect(run(...inputs)).toBe(outcome);
  });

  it('R9: whatever comes in whatever order, money accepted and number assigned are the same event', () => {
    const anyInput = fc.oneof(
      fc.constantFrom(cancelled, assigned, givenBack),
      fc
        .integer({ min: 0, max: 2 * PAYMENT_TERM_MS })
        .chain((nowMs) => fc.constantFrom<OrderInput>(time(nowMs), confirmed(nowMs), deposited(nowMs))),
    );
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 12 }), (inputs) => {
        let order = approved();
        const effects: string[] = [];
        for (const input of inputs) {
          const step = stepOrder(order, input);
          if (!step.ok) continue;
          order = step.value[0];
          effects.push(...step.value[1].map(printEffect));
        }
        const count = (name: string) => effects.filter((effect) => effect === name).length;
        expect(count('assign-number')).toBe(count('record-payment accepted'));
        expect(count('assign-number')).toBeLessThanOrEqual(1);
        expect(count('assign-number') + count('free-number')).toBeLessThanOrEqual(1);
        expect(['paid', 'assigned', 'released'].includes(order.state)).toBe(count('assign-number') === 1);
      }),
    );
  });
});
