import {
  differenceMicros,
  dueMicros,
  leftMicros,
  type StatedSettlement,
} from '../../domain/billing/settlement/index.ts';
import type { ListedSettlement } from '../../services/ports/index.ts';
import { jsonWithAmounts, withAmounts } from './json-with-amounts.ts';
import type { SettlementTables } from './settlement-tables.ts';

type Row = SettlementTables['settlements'];

/** The columns in which a settlement lies. */
export function rowOf(settlement: StatedSettlement): Omit<Row, 'carried_into'> {
  const { id, trunk, currency, period, state, statement } = settlement;
  return {
    id,
    trunk,
    currency,
    from_ms: BigInt(period.fromMs),
    until_ms: BigInt(period.untilMs),
    name: period.name,
    state,
    owed_by_us_micros: statement.owedByUsMicros,
    owed_to_us_micros: statement.owedToUsMicros,
    due_micros: dueMicros(settlement),
    difference_micros: differenceMicros(statement),
    left_micros: settlement.state === 'paid' ? leftMicros(settlement) : 0n,
    document: jsonWithAmounts(settlement),
  };
}

export function settlementOf({ document }: Pick<Row, 'document'>): StatedSettlement {
  return withAmounts<StatedSettlement>(document);
}

export function listedOf(row: Omit<Row, 'document' | 'carried_into' | 'left_micros'>): ListedSettlement {
  return {
    id: row.id,
    trunk: row.trunk,
    currency: row.currency,
    period: { fromMs: Number(row.from_ms), untilMs: Number(row.until_ms), name: row.name },
    state: row.state,
    owedByUsMicros: row.owed_by_us_micros,
    owedToUsMicros: row.owed_to_us_micros,
    dueMicros: row.due_micros,
    differenceMicros: row.difference_micros,
  };
}
