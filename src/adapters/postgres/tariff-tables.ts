import type { ColumnType, Generated } from 'kysely';

export interface TariffTables {
  tariffs: {
    name: string;
    kind: 'retail' | 'carrier';
    currency: string;
    time_zone: string;
    created_at_ms: bigint;
  };
  tariff_versions: {
    /** What rows refer to: short, since there are millions of them. */
    key: Generated<bigint>;
    tariff: string;
    number: number;
    effective_from_ms: bigint;
    published_at_ms: bigint;
    row_count: number;
    taken_back_at_ms: bigint | null;
  };
  tariff_rows: {
    version: bigint;
    /** Its place in the order of the version's rows. */
    place: number;
    prefix: string;
    destination: string;
    is_blocked: boolean;
    effective_from_ms: bigint | null;
    effective_to_ms: bigint | null;
    /** Null of blocked rows without a rate, as are all parts of it. */
    per_minute_micros: bigint | null;
    connect_fee_micros: bigint | null;
    initial_increment_seconds: number | null;
    next_increment_seconds: number | null;
    minimum_micros: bigint | null;
    free_seconds: number | null;
  };
  tariff_imports: {
    id: string;
    tariff: string;
    updated_at_ms: bigint;
    body: ColumnType<unknown, string, string>;
  };
}
