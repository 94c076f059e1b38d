import type { LedgerEntry } from '../ledger/index.ts';
import type { Currency } from '../money-currency.ts';
import type { Agreement } from './agreement.ts';
import type { Period } from './period.ts';
import type { Statement } from './statement.ts';

export const SETTLEMENT_STATES = ['open', 'closed', 'disputed', 'confirmed', 'paid'] as const;
export type SettlementState = (typeof SETTLEMENT_STATES)[number];

/** What one period of one agreement comes to (R23). Amounts are in millionths, above zero where we owe. */
type Settled = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly trunk: string;
  readonly currency: Currency;
  readonly period: Period;
  /** As it was when the period was closed. */
  readonly agreement: Agreement;
};

/** A period that goes on, or is over and not closed yet. */
export type OpenSettlement = Settled & { readonly state: 'open' };

/** Something that one side says is wrong. */
export type DisputedItem = {
  /** Which one of the list it is: from 1 on. */
  readonly item: number;
  /** What it is about, for a person: which call, and what differs. */
  readonly what: string;
  readonly callId?: string;
  /** What would be owed more, or less where below zero, if it was granted. */
  readonly micros: bigint;
};

/** What both sides agreed on about a disputed item. */
export type DisputeOutcome = {
  readonly item: number;
  /** What is owed more, or less where below zero; 0 where the statement stays as it is. */
  readonly micros: bigint;
  readonly because: string;
};

type Closed = Settled & {
  readonly statement: Statement;
  readonly closedAtMs: number;
  readonly disputed: readonly DisputedItem[];
  readonly outcomes: readonly DisputeOutcome[];
};

export type ClosedSettlement = Closed & { readonly state: 'closed' };
export type DisputedSettlement = Closed & { readonly state: 'disputed' };
export type ConfirmedSettlement = Closed & { readonly state: 'confirmed'; readonly confirmedAtMs: number };
export type PaidSettlement = Closed & {
  readonly state: 'paid';
  readonly confirmedAtMs: number;
  readonly payment: SettlementPayment;
};

/** Money that went to the other network, or came from it where below zero. */
export type SettlementPayment = {
  readonly micros: bigint;
  /** What the bank calls it. */
  readonly reference: string;
  readonly paidAtMs: number;
};

export type Settlement =
  | OpenSettlement
  | ClosedSettlement
  | DisputedSettlement
  | ConfirmedSettlement
  | PaidSettlement;

/** A settlement that has its statement. */
export type StatedSettlement = Exclude<Settlement, OpenSettlement>;

export type SettlementInput = { readonly nowMs: number } & (
  | { readonly kind: 'closed'; readonly statement: Statement }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'disputed'; readonly items: readonly Omit<DisputedItem, 'item'>[] }
  | { readonly kind: 'resolved'; readonly outcomes: readonly DisputeOutcome[] }
  | { readonly kind: 'paid'; readonly payment: SettlementPayment }
);

/** What the ledger is told along with the new state. */
export type SettlementEffect = { readonly kind: 'write-ledger'; readonly entries: readonly LedgerEntry[] };

/** What is to be paid: to the other network, or by it where below zero. */
export function dueMicros({ statement, outcomes }: StatedSettlement): bigint {
  const agreed = outcomes.reduce((sum, { micros }) => sum + micros, 0n);
  return statement.owedByUsMicros - statement.owedToUsMicros + statement.carriedForwardMicros + agreed;
}

/** What is left of a paid settlement for the next one: what was not paid, or below zero what was paid too much. */
export function leftMicros(settlement: PaidSettlement): bigint {
  return dueMicros(settlement) - settlement.payment.micros;
}
