import type { TaxedMonth } from '../../domain/billing/call-taxes/index.ts';
import type { Money } from '../../domain/billing/index.ts';
import type { PostedTransfer } from '../../domain/billing/ledger/index.ts';
import type { SettledSpan } from './settlements.ts';

/** What calls earned from members, month by month, and the tax in it (R23, R24). */
export type CallTaxStore = {
  /** The month that was counted last. */
  last(): Promise<TaxedMonth | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly TaxedMonth[]>;
  /** What members were charged for the calls of a span, a sum a currency, in the order of their codes. */
  earned(span: Pick<SettledSpan, 'untilMs' | 'cutLine' | 'before'>): Promise<readonly Money[]>;
  /**
   * Keeps a month and posts its tax, both or nothing.
   * @returns `known` where a month that begins at this moment is there already; nothing was changed
   */
  keep(month: TaxedMonth, entries: readonly PostedTransfer[]): Promise<'kept' | 'known'>;
};
