import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Money } from '../index.ts';
import type { Payment } from '../payments/index.ts';
import { type Bill, type BillEffect, type BillInput, type BillKind, stepBill } from './index.ts';

const AMOUNT: Money = { currency: 'KRW', micros: 11_000_000_000n };
const LAST_MS = 9_000;

function billOf(kind: BillKind): Bill {
  return {
    id: 'bill',
    memberId: 'mina',
    kind,
    amount: AMOUNT,
    description: 'It.',
    paymentReference: 'TU-1',
    createdAtMs: 0,
    dueAtMs: 5_000,
    // What is owed stays owed.
    ...(kind === 'invoice' ? {} : { expiresAtMs: LAST_MS }),
    state: 'open',
  };
}

const deposited = (nowMs = 1_000, amount = AMOUNT): BillInput => ({
  kind: 'deposited',
  deposit: { id: 'payment', noticeId: 'notice', channel: 'bank', amount },
  taxation: { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' },
  nowMs,
});
const payment: Payment = {
  id: 'payment',
  noticeId: 'notice',
  channel: 'bank',
  amount: AMOUNT,
  subject: { kind: 'bill', id: 'bill' },
  disposition: 'accepted',
  taxMicros: 1_000_000_000n,
  recordedAtMs: 1_000,
};
const time = (nowMs: number): BillInput => ({ kind: 'time', nowMs });
const cancelled: BillInput = { kind: 'cancelled', nowMs: 2_000 };
const undone: BillInput = { kind: 'payment-undone', payment, reason: 'No.', nowMs: 3_000 };
const sentBack: BillInput = {
  kind: 'refund-paid',
  payment: { ...payment, disposition: 'refund-due' },
  nowMs: 4_000,
};
const kept: BillInput = {
  kind: 'deposited',
  deposit: {
    id: 'payment',
    noticeId: 'notice',
    channel: 'bank',
    amount: AMOUNT,
    keptAs: { ...payment, disposition: 'unallocated' },
  },
  nowMs: 1_000,
};

function run(kind: BillKind, inputs: readonly BillInput[]): string {
  let bill = billOf(kind);
  let told = '';
  for (const input of inputs) {
    const step = stepBill(bill, input);
    if (!step.ok) {
      told = `refused ${step.refusal.code}`;
      continue;
    }
    bill = step.value[0];
    told = [bill.state, ...step.value[1].map(printEffect)].join(', ');
  }
  return told;
}

function printEffect(effect: BillEffect): string {
  if (effect.kind !== 'post') return `${effect.kind} ${effect.payment.disposition}`;
  return effect.entries
    .map(({ debit, credit, micros }) => `${debit} > ${credit} ${micros / 1_000_000n}`)
    .join(', ');
}

describe('R23, R24: a bill, state by state', () => {
  it.each([
    [
      'a top-up is credit',
      'top-up',
      [deposited()],
      'paid, record-payment accepted, bank > member/mina 11000',
    ],
    [
      'an invoice is owed no longer',
      'invoice',
      [deposited()],
      'paid, record-payment accepted, bank > member/mina 11000',
    ],
    [
      'another year of a number is a sale, with its tax',
      'renewal',
      [deposited()],
      'paid, record-payment accepted, bank > number-sales 10000, bank > tax 1000',
    ],
    [
      'money that waited pays it',
      'top-up',
      [kept],
      'paid, update-payment accepted, deposits > member/mina 11000',
    ],
    ['another amount', 'top-up', [deposited(1_000, { ...AMOUNT, micros: 1n })], 'refused amount-mismatch'],
    [
      'another currency',
      'top-up',
      [deposited(1_000, { ...AMOUNT, currency: 'JPY' })],
      'refused amount-mismatch',
    ],
    [
      'on its last day',
      'top-up',
      [deposited(LAST_MS - 1)],
      'paid, record-payment accepted, bank > member/mina 11000',
    ],
    ['too late', 'top-up', [deposited(LAST_MS)], 'expired, record-payment refund-due, bank > deposits 11000'],
    [
      'an invoice is never too late',
      'invoice',
      [time(99_999), deposited(99_999)],
      'paid, record-payment accepted, bank > member/mina 11000',
    ],
    ['time goes by', 'top-up', [time(LAST_MS - 1)], 'open'],
    ['time is over', 'top-up', [time(LAST_MS)], 'expired'],
    [
      'paid twice',
      'top-up',
      [deposited(), deposited()],
      'paid, record-payment refund-due, bank > deposits 11000',
    ],
    [
      'paid after it was given up',
      'top-up',
      [cancelled, deposited()],
      'cancelled, record-payment refund-due, bank > deposits 11000',
    ],
    ['money that waits is not for what has ended', 'top-up', [cancelled, kept], 'refused bill-closed'],
    ['money that waits is not for what is over', 'top-up', [time(LAST_MS), kept], 'refused bill-closed'],
    ['given up twice', 'top-up', [cancelled, cancelled], 'cancelled'],
    ['given up when paid', 'top-up', [deposited(), cancelled], 'refused bill-closed'],
    [
      'undone: the credit',
      'top-up',
      [deposited(), undone],
      'refunded, update-payment refund-due, member/mina > deposits 11000',
    ],
    [
      'undone: the year of a number',
      'renewal',
      [deposited(), undone],
      'refunded, update-payment refund-due, number-sales > deposits 10000, tax > deposits 1000',
    ],
    ['undone twice', 'top-up', [deposited(), undone, undone], 'refunded'],
    ['undone where nothing was paid', 'top-up', [undone], 'refused bill-closed'],
    [
      'sent back',
      'top-up',
      [deposited(), undone, sentBack],
      'refunded, update-payment refunded, deposits > bank 11000',
    ],
  ] as const)('%s', (_, kind, inputs, outcome) => {
    expect(run(kind, inputs)).toBe(outcome);
  });

  it('R23: whatever comes in whatever order, what the member has is what was paid and not undone', () => {
    const anyInput = fc.oneof(
      fc.constantFrom(cancelled, undone, time(2_000), time(LAST_MS)),
      fc.integer({ min: 0, max: 2 * LAST_MS }).map((nowMs) => deposited(nowMs)),
    );
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 12 }), (inputs) => {
        let bill = billOf('top-up');
        let credit = 0n;
        for (const input of inputs) {
          const step = stepBill(bill, input);
          if (!step.ok) continue;
          bill = step.value[0];
          const entries = step.value[1].flatMap((effect) => (effect.kind === 'post' ? effect.entries : []));
          for (const entry of entries) {
            if (entry.credit === 'member/mina') credit += entry.micros;
            if (entry.debit === 'member/mina') credit -= entry.micros;
          }
        }
        expect(credit).toBe(bill.state === 'paid' ? AMOUNT.micros : 0n);
      }),
    );
  });
});
