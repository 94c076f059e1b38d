import { accept, type Result, refuse } from '../../refusal/index.ts';
import { printMoney, sameMoney } from '../money.ts';
import {
  acceptDeposit,
  keepDeposit,
  type PaymentSubject,
  type PaymentUse,
  payOut,
  undoPayment,
} from '../payments/index.ts';
import type { Bill, BillEffect, BillInput, EndedBill, OpenBill } from './bill.ts';

/*
 *                 cancelled, or its last day passed   +-----------+
 *   +------+ --------------------------------------->| cancelled |  money that comes now, or comes
 *   | open |                                         | expired   |  again, is recorded as to be
 *   +------+ --------------------+                   +-----------+  refunded; the state stays
 *                 the amount     v
 *                 came       +------+   undone       +----------+
 *                            | paid |--------------->| refunded |
 *                            +------+                +----------+
 */

export type BillRefusalCode = 'amount-mismatch' | 'bill-closed';

type Step = Result<[Bill, BillEffect[]], BillRefusalCode>;

type Deposited = Extract<BillInput, { readonly kind: 'deposited' }>;

/**
 * The next state and what the store does along with it, or a refusal that leaves everything as it was. An input
 * that has been given before is accepted again without effects.
 */
export function stepBill(bill: Bill, input: BillInput): Step {
  switch (bill.state) {
    case 'open':
      return stepOpen(bill, input);
    case 'paid':
      return input.kind === 'payment-undone' ? undo(bill, input) : stepClosed(bill, input);
    case 'cancelled':
    case 'expired':
    case 'refunded':
      return stepClosed(bill, input);
  }
}

function stepOpen(bill: OpenBill, input: BillInput): Step {
  if (input.kind === 'cancelled') return accept([ended(bill, 'cancelled', input.nowMs), []]);
  if (input.kind !== 'deposited' && input.kind !== 'time') return closed(bill);
  if (bill.expiresAtMs !== undefined && input.nowMs >= bill.expiresAtMs) {
    const expired = ended(bill, 'expired', bill.expiresAtMs);
    return input.kind === 'deposited' ? late(expired, input) : accept([expired, []]);
  }
  if (input.kind === 'time') return accept([bill, []]);
  const { deposit, taxation, nowMs } = input;
  if (!sameMoney(deposit.amount, bill.amount)) {
    return refuse(
      'amount-mismatch',
      `${printMoney(bill.amount)} was asked for, and ${printMoney(deposit.amount)} was noted. Nothing was recorded.`,
      '/amount',
    );
  }
  return accept([
    { ...bill, state: 'paid', paidAtMs: nowMs },
    acceptDeposit(deposit, useOf(bill, taxation), nowMs),
  ]);
}

function stepClosed(bill: Exclude<Bill, OpenBill>, input: BillInput): Step {
  switch (input.kind) {
    case 'deposited':
      return late(bill, input);
    case 'refund-paid':
      return accept([bill, payOut(input.payment, input.nowMs)]);
    case 'cancelled':
      return bill.state === 'cancelled' ? accept([bill, []]) : closed(bill);
    case 'time':
      return accept([bill, []]);
    case 'payment-undone':
      return bill.state === 'refunded' ? accept([bill, []]) : closed(bill);
  }
}

function undo(bill: Bill, input: Extract<BillInput, { readonly kind: 'payment-undone' }>): Step {
  const memberId = bill.kind === 'renewal' ? undefined : bill.memberId;
  return accept([
    { ...bill, state: 'refunded', endedAtMs: input.nowMs },
    undoPayment(input.payment, input.reason, input.nowMs, memberId),
  ]);
}

/** Money that comes when there is nothing to pay is somebody's, and has to go back. */
function late(bill: Exclude<Bill, OpenBill>, { deposit, nowMs }: Deposited): Step {
  // What lies among the deposits stays there: an operator tries what it may be for.
  if (deposit.keptAs !== undefined) return closed(bill);
  const reason = bill.state === 'paid' ? 'It was paid before.' : `It was ${bill.state} when the money came.`;
  return accept([bill, keepDeposit(deposit, 'refund-due', reason, nowMs, subjectOf(bill))]);
}

function useOf(bill: Bill, taxation: Deposited['taxation']): PaymentUse {
  const subject = subjectOf(bill);
  return bill.kind === 'renewal'
    ? { subject, purpose: 'renewal', taxation }
    : { subject, purpose: 'top-up', memberId: bill.memberId };
}

function subjectOf({ id }: Bill): PaymentSubject {
  return { kind: 'bill', id };
}

function ended(bill: OpenBill, state: EndedBill['state'], endedAtMs: number): EndedBill {
  return { ...bill, state, endedAtMs };
}

function closed(bill: Bill): Step {
  return refuse('bill-closed', `The bill is ${bill.state}; this can no longer be done with it.`);
}
