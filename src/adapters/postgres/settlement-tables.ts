import type { Currency } from '../../domain/billing/index.ts';
import type { StatedSettlement } from '../../domain/billing/settlement/index.ts';

export interface SettlementTables {
  settlements: {
    id: string;
    trunk: string;
    currency: Currency;
    from_ms: bigint;
    until_ms: bigint;
    name: string;
    state: StatedSettlement['state'];
    owed_by_us_micros: bigint;
    owed_to_us_micros: bigint;
    due_micros: bigint;
    difference_micros: bigint;
    left_micros: bigint;
    carried_into: string | null;
    /** The settlement, its amounts as text. */
    document: unknown;
  };
  call_tax_months: {
    from_ms: bigint;
    until_ms: bigint;
    name: string;
    cut_line: bigint;
    rate_per_million: number;
    counted_at_ms: bigint;
  };
  call_taxes: {
    from_ms: bigint;
    currency: Currency;
    gross_micros: bigint;
    tax_micros: bigint;
  };
  charge_corrections: {
    charge_id: string;
    reason: string;
    corrected_by: string;
    at_ms: bigint;
  };
  reconciliations: {
    id: string;
    settlement_id: string;
    made_at_ms: bigint;
    document: unknown;
  };
}
