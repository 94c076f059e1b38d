import type { PostedTransfer } from '../../domain/billing/ledger/index.ts';
import type { LedgerWrite } from './ledger.ts';

/** What an operator booked by hand: one transfer, or several that belong together. */
export type LedgerAdjustment = {
  readonly transfers: readonly PostedTransfer[];
  readonly reason: string;
  /** Who did it. */
  readonly userId: string;
};

/** Transfers made by hand, with their reasons. */
export type AdjustmentStore = {
  /** Posts the transfers and keeps their reason, all or nothing. The same again is the same. */
  keep(adjustment: LedgerAdjustment): Promise<LedgerWrite>;
  /** The reasons of those of these transfers that were made by hand, by the transfers' ids. */
  reasons(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
