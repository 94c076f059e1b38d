import type { ColumnType } from 'kysely';

/** A part of the configuration under its name, as JSON: it is read and replaced whole. */
type Part = { name: string; body: ColumnType<unknown, string, string> };

export interface CentreTables {
  configuration_revision: { only_row: boolean; revision: bigint };
  centres: Part;
  trunks: Part;
  operators: Part;
  carrier_routes: {
    trunk: string;
    prefix: string;
    cost_micros: bigint;
    currency: string;
    priority: number;
    weight: number;
  };
}
