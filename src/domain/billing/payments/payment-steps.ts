import { type Taxation, taxWithin } from '../documents/index.ts';
import type { Money } from '../money.ts';
import type { Deposit, MoneyEffect, Payment, PaymentSubject } from './payment.ts';
import {
  creditEntries,
  creditReversal,
  keptEntries,
  lossEntries,
  lossReversal,
  payoutEntries,
  saleEntries,
  saleReversal,
} from './payment-postings.ts';

/*
 * The life of a payment; each step is kept together with its lines of the ledger.
 *
 *       money comes                 pays for something at once
 *   ------------------+--------------------------------------------> +----------+
 *                     |                                     +------> | accepted |
 *                     | nobody knows     +-------------+    |        +----------+
 *                     | what it is for   | unallocated |----+             |
 *                     +----------------> +-------------+  an operator     | what it paid for
 *                     |                         |         says what       | is undone
 *                     | nothing is left         |         it is for       |
 *                     | to pay                  v                         v
 *                     |                  +------------+  sent back   +----------+
 *                     +----------------> | refund-due |------------> | refunded |
 *                                        +------------+              +----------+
 *
 * What is refund-due without ever having paid for anything may still be given a purpose, as what is unallocated.
 */

/** What money is to pay for. */
export type PaymentUse = {
  readonly subject: PaymentSubject;
} & (
  | {
      readonly purpose: 'number-sale' | 'renewal';
      /** How the seller charges tax: it is within the price. */
      readonly taxation: Taxation | undefined;
    }
  /** Whose credit it is. */
  | { readonly purpose: 'top-up'; readonly memberId: string }
);

/** Money pays for something. */
export function acceptDeposit(deposit: Deposit, use: PaymentUse, nowMs: number): MoneyEffect[] {
  const { reason: _, ...kept } = arrived(deposit, use.subject, nowMs);
  const isTaxed = use.purpose !== 'top-up' && use.taxation !== undefined;
  const payment: Payment = {
    ...kept,
    disposition: 'accepted',
    taxMicros: isTaxed ? taxWithin(deposit.amount, use.taxation.ratePerMillion).tax.micros : 0n,
    acceptedAtMs: nowMs,
  };
  const entries =
    use.purpose === 'top-up'
      ? creditEntries(payment, deposit, use.memberId, nowMs)
      : saleEntries(payment, deposit, use.purpose, nowMs);
  return [
    deposit.keptAs === undefined
      ? { kind: 'record-payment', payment }
      : { kind: 'update-payment', payment, from: deposit.keptAs.disposition },
    { kind: 'post', entries },
  ];
}

/** Money that cannot pay for anything now is kept among the deposits: it is somebody's. */
export function keepDeposit(
  deposit: Deposit,
  disposition: 'unallocated' | 'refund-due',
  reason: string,
  nowMs: number,
  subject?: PaymentSubject,
): MoneyEffect[] {
  const payment: Payment = { ...arrived(deposit, subject, nowMs), disposition, reason };
  return [
    { kind: 'record-payment', payment },
    { kind: 'post', entries: keptEntries(payment) },
  ];
}

/**
 * What a payment paid for is undone, by reversing entries: the money lies among the deposits and has to go back.
 * @param memberId whose credit it was, where it was that
 */
export function undoPayment(
  payment: Payment,
  reason: string,
  nowMs: number,
  memberId?: string,
): MoneyEffect[] {
  const entries =
    memberId === undefined ? saleReversal(payment, nowMs) : creditReversal(payment, memberId, nowMs);
  return [
    { kind: 'update-payment', payment: { ...payment, disposition: 'refund-due', reason }, from: 'accepted' },
    { kind: 'post', entries },
  ];
}

/** An operator decides that money goes back which nobody knows a purpose for. */
export function sendBack(payment: Payment, reason: string): MoneyEffect[] {
  return [
    {
      kind: 'update-payment',
      payment: { ...payment, disposition: 'refund-due', reason },
      from: 'unallocated',
    },
  ];
}

/** Money that had to go back went back. */
export function payOut(payment: Payment, nowMs: number): MoneyEffect[] {
  return [
    {
      kind: 'update-payment',
      payment: { ...payment, disposition: 'refunded', refundedAtMs: nowMs },
      from: 'refund-due',
    },
    { kind: 'post', entries: payoutEntries(payment, nowMs) },
  ];
}

/** Something that is to be known of a payment, and changes nothing of it. */
export function noteOnPayment(payment: Payment, reason: string): MoneyEffect[] {
  return [{ kind: 'update-payment', payment: { ...payment, reason }, from: payment.disposition }];
}

/** The payer's bank took money back. What it paid for stays as it is until an operator decides. */
export function disputeLost(
  payment: Payment,
  amount: Money,
  nowMs: number,
  reason = 'The payer disputes it: the bank took it back.',
): MoneyEffect[] {
  return [...noteOnPayment(payment, reason), { kind: 'post', entries: lossEntries(payment, amount, nowMs) }];
}

/** A dispute ended well: the money is ours again. */
export function disputeWon(payment: Payment, amount: Money, nowMs: number): MoneyEffect[] {
  return [
    ...noteOnPayment(payment, 'A dispute about it was won.'),
    { kind: 'post', entries: lossReversal(payment, amount, nowMs) },
  ];
}

function arrived(
  { keptAs, ...deposit }: Deposit,
  subject: PaymentSubject | undefined,
  nowMs: number,
): Payment {
  const payment = keptAs ?? { ...deposit, disposition: 'unallocated', taxMicros: 0n, recordedAtMs: nowMs };
  return { ...payment, ...(subject === undefined ? {} : { subject }) };
}
