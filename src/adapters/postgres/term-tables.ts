import type { RenewalMode, TermNotice, TermState } from '../../domain/renewals/index.ts';

export interface TermTables {
  /** For how long a number is its member's: one row for each order whose number was assigned. */
  number_terms: {
    order_id: string;
    member_id: string;
    state: TermState;
    started_at_ms: bigint;
    years: number;
    paid_until_ms: bigint;
    mode: RenewalMode;
    revision: number;
    notice: TermNotice | null;
    bill_id: string | null;
    billed_at_ms: bigint | null;
    reminded_days: number | null;
    grace_until_ms: bigint | null;
    lapsed_at_ms: bigint | null;
    quarantine_until_ms: bigint | null;
    ended_at_ms: bigint | null;
    /** Null where nothing is ever to be done about it again. */
    next_move_at_ms: bigint | null;
  };
}
