import type { Charge, ChargeKind } from '../../domain/billing/charging/index.ts';
import type { Currency } from '../../domain/billing/index.ts';
import type { LedgerAccount } from '../../domain/billing/ledger/index.ts';

/** A charge as it is read; charges are numbered in the order in which they were kept. */
export type KeptCharge = Charge & {
  readonly line: number;
  /** Of a run that corrects an earlier one. */
  readonly correction?: Correction;
};

/** Why a charge was corrected, and by whom. */
export type Correction = { readonly reason: string; readonly by: string; readonly atMs: number };

export type ChargeFilter = {
  readonly account?: LedgerAccount;
  readonly kind?: ChargeKind;
  /** What the number that is charged for begins with. */
  readonly numberPrefix?: string;
  /** Calls that ended at this moment or later. */
  readonly endedFromMs?: number;
  /** Calls that ended before this moment. */
  readonly endedBeforeMs?: number;
  /** Charges kept before this one, newest first. */
  readonly before?: number;
  readonly limit: number;
};

/** What margins are added up by. */
export type MarginKey = 'destination' | 'carrier' | 'member';

export type MarginFilter = {
  readonly by: MarginKey;
  /** Calls that ended at this moment or later, and before the other one. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly limit: number;
};

/** What calls earned in one currency. What they earned and cost in different ones stands in different lines. */
export type MarginLine = {
  /** A destination, the trunk that carried the call or brought it, or the id of a member; empty where it has none. */
  readonly key: string;
  readonly currency: Currency;
  readonly calls: number;
  readonly durationMs: number;
  readonly revenueMicros: bigint;
  readonly costMicros: bigint;
};

/** What calls were charged. Charges are kept along with the end of their call. */
export type ChargeStore = {
  /** All runs of all legs of a call, in the order in which they were kept. */
  ofCall(callId: string): Promise<readonly KeptCharge[]>;
  find(id: string): Promise<KeptCharge | undefined>;
  /** Newest first. */
  list(filter: ChargeFilter): Promise<readonly KeptCharge[]>;
  /**
   * Keeps another run of a leg, and moves what it changes.
   * @returns `run-known` where that run is there already; nothing was changed
   */
  correct(charge: Charge, correction: Correction): Promise<'kept' | 'run-known'>;
  /** What calls earned, those with the most revenue first; each leg as its last run has it. */
  margins(filter: MarginFilter): Promise<readonly MarginLine[]>;
};
