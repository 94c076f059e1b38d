import type { Taxation } from '../billing/documents/index.ts';
import type { Money } from '../billing/index.ts';
import type { Deposit, MoneyEffect, Payment } from '../billing/payments/index.ts';
import type { Refusal } from '../refusal/index.ts';
import type { NumberForSale } from './number-for-sale.ts';

/** What is asked for, and of whom. */
export type Quote = {
  /** A UUID, version 7. */
  readonly id: string;
  /** Who is to have the number. */
  readonly memberId: string;
  readonly number: NumberForSale;
  readonly quotedAtMs: number;
};

/** What the buyer was offered, and what the market keeps. */
type Terms = Quote & { readonly price: Money };

export type QuotedOrder = Quote & { readonly state: 'quoted' };
export type RefusedOrder = Quote & { readonly state: 'refused'; readonly refusal: Refusal };
export type ApprovedOrder = Terms & { readonly state: 'approved'; readonly heldUntilMs: number };

type Confirmed = Terms & {
  /** What the buyer writes on the transfer, so that the money finds the order. */
  readonly paymentReference: string;
  readonly confirmedAtMs: number;
};
export type AwaitingPaymentOrder = Confirmed & {
  readonly state: 'awaiting-payment';
  /** The number is held until then. */
  readonly heldUntilMs: number;
};
export type PaidOrder = Confirmed & { readonly state: 'paid'; readonly paidAtMs: number };
export type AssignedOrder = Confirmed & {
  readonly state: 'assigned';
  readonly paidAtMs: number;
};
export type ReleasedOrder = Confirmed & {
  readonly state: 'released';
  readonly paidAtMs: number;
  readonly releasedAtMs: number;
};
export type EndedOrder = Terms & {
  readonly state: 'expired' | 'cancelled' | 'refunded';
  readonly endedAtMs: number;
  /** Only where the buyer had confirmed: late money still finds the order by it. */
  readonly paymentReference?: string;
  readonly confirmedAtMs?: number;
};

/** An order that is kept: quoted and refused ones pass by. */
export type Order =
  | ApprovedOrder
  | AwaitingPaymentOrder
  | PaidOrder
  | AssignedOrder
  | ReleasedOrder
  | EndedOrder;

export type OrderState = Order['state'];

export const ORDER_STATES: readonly OrderState[] = [
  'approved',
  'awaiting-payment',
  'paid',
  'assigned',
  'released',
  'expired',
  'cancelled',
  'refunded',
];

export type OrderInput = { readonly nowMs: number } /** The buyer takes the offer (R8). */ & (
  | { readonly kind: 'confirmed'; readonly paymentReference: string }
  /** The money is there (R9). */
  | {
      readonly kind: 'deposited';
      readonly deposit: Deposit;
      /** How the seller charges tax: it is within the price. */
      readonly taxation?: Taxation | undefined;
      /** In which years are counted: of the IANA database, UTC where absent. */
      readonly timeZone?: string | undefined;
    }
  /** The store has given the number to the buyer: only together with the payment. */
  | { readonly kind: 'number-assigned' }
  | { readonly kind: 'cancelled' }
  /** Time went by. */
  | { readonly kind: 'time' }
  /** The number goes back: its member gave it back, or nobody paid for another year. */
  | { readonly kind: 'given-back' }
  /** Another year was paid while the number rested: it is its member's again (R24). */
  | { readonly kind: 'given-again' }
  /** The sale is undone: the money has to go back, and the number rests. */
  | { readonly kind: 'sale-undone'; readonly payment: Payment; readonly reason: string }
  /** Money that had to go back went back. */
  | { readonly kind: 'refund-paid'; readonly payment: Payment }
);

/** What the store does in the same transaction in which it keeps the order's new state. */
export type OrderEffect =
  | { readonly kind: 'hold-number'; readonly untilMs: number }
  | { readonly kind: 'extend-hold'; readonly untilMs: number }
  | { readonly kind: 'free-number' }
  /** The number is the buyer's, and its first year begins. */
  | { readonly kind: 'assign-number'; readonly paidAtMs: number; readonly paidUntilMs: number }
  | { readonly kind: 'quarantine-number'; readonly untilMs: number }
  /** The number stops resting, and is the buyer's again. */
  | { readonly kind: 'give-number-again' }
  | MoneyEffect;
