import type { LedgerAccount } from '../ledger/index.ts';
import type { Currency } from '../money-currency.ts';
import type { Rate } from '../rate.ts';

/** What a leg of a call is charged for. */
export type ChargeKind =
  /** Who called, or sent a call on, pays for the leg out (R23). */
  | 'sale'
  /** The network that took the leg out is paid its share (R23). */
  | 'cost'
  /** The network that brought the call pays for it, or is paid, as the agreement has it. */
  | 'inbound';

/** The row of a tariff that a price is made of. */
export type ChargeRate = {
  readonly tariff: string;
  /** The version of the tariff; absent where the route of a carrier itself says what a minute costs. */
  readonly versionId?: string;
  readonly prefix: string;
  readonly destination: string;
  readonly rate: Rate;
};

/** What is known of a charge before the call begins: it goes with the call, so that any process can finish it. */
export type ChargeTerms = ChargeRate & {
  readonly kind: ChargeKind;
  /** Which of the call's charges it is: mostly named as its kind. */
  readonly leg: string;
  /** The account of the other party: a member's, or a trunk's. */
  readonly account: LedgerAccount;
  /** Whether the other party pays us, or we pay it. */
  readonly paidBy: 'other' | 'us';
  /** The number that is charged for, in the form in which the tariff has it: digits of E.164, or `operator:…`. */
  readonly number: string;
  /** Where the leg came out of another call, as by a transfer: since when it talks, and until when that call pays. */
  readonly earlier?: { readonly sinceMs: number; readonly untilMs: number };
};

/** One charging run of one leg, as it is kept: a correction is another run, and nothing is changed (R23). */
export type Charge = ChargeTerms & {
  readonly id: string;
  readonly callId: string;
  /** 1 for the first, and one more with each correction. */
  readonly run: number;
  readonly answeredAtMs: number;
  readonly endedAtMs: number;
  readonly billedSeconds: number;
  readonly currency: Currency;
  /** What the leg costs after this run. */
  readonly micros: bigint;
};
