import type { Taxation } from '../documents/index.ts';
import type { Money } from '../money.ts';
import type { Deposit, MoneyEffect, Payment } from '../payments/index.ts';

/** What a member is asked to pay besides a number order. */
export const BILL_KINDS = ['top-up', 'invoice', 'renewal'] as const;
export type BillKind =
  /** Credit that is bought before it is spent. */
  | 'top-up'
  /** What was used and is owed. */
  | 'invoice'
  /** Another year of a number. */
  | 'renewal';

/** What the references of each kind begin with: what payers write on a transfer tells what it is for. */
export const BILL_REFERENCES: Readonly<Record<BillKind, string>> = {
  'top-up': 'TU',
  invoice: 'IV',
  renewal: 'RN',
};

type Asked = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly memberId: string;
  readonly kind: BillKind;
  /** Tax included. */
  readonly amount: Money;
  /** What it is for, as a person reads it. */
  readonly description: string;
  /** The order of the number that is renewed. */
  readonly orderId?: string;
  /** What the payer writes on the transfer, so that the money finds the bill: `TU-7K3M9QXA`. */
  readonly paymentReference: string;
  readonly createdAtMs: number;
  readonly dueAtMs: number;
  /** What it is for, where that is a time: the month of an invoice. One invoice a member, currency and month. */
  readonly period?: { readonly fromMs: number; readonly untilMs: number };
  /** Of an invoice: calls that were charged up to this line, and were in no invoice before, are in it. */
  readonly cutLine?: number;
  /** From then on it can no longer be paid; absent where it is owed until it is paid. */
  readonly expiresAtMs?: number;
};

export type OpenBill = Asked & { readonly state: 'open' };
export type PaidBill = Asked & { readonly state: 'paid'; readonly paidAtMs: number };
export type EndedBill = Asked & {
  readonly state: 'cancelled' | 'expired' | 'refunded';
  readonly paidAtMs?: number;
  readonly endedAtMs: number;
};

export type Bill = OpenBill | PaidBill | EndedBill;

export const BILL_STATES = ['open', 'paid', 'cancelled', 'expired', 'refunded'] as const;
export type BillState = Bill['state'];

export type BillInput = { readonly nowMs: number } & (
  | { readonly kind: 'deposited'; readonly deposit: Deposit; readonly taxation?: Taxation | undefined }
  | { readonly kind: 'cancelled' }
  /** Time went by. */
  | { readonly kind: 'time' }
  /** What was paid for is undone: the money has to go back. */
  | { readonly kind: 'payment-undone'; readonly payment: Payment; readonly reason: string }
  /** Money that had to go back went back. */
  | { readonly kind: 'refund-paid'; readonly payment: Payment }
);

/** What the store does in the same transaction in which it keeps the bill's new state. */
export type BillEffect = MoneyEffect;
