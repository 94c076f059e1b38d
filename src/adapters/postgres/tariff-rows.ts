import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Currency, Rate } from '../../domain/billing/index.ts';
import type { TariffRow, TariffVersion } from '../../domain/billing/tariffs/index.ts';
import type { Database } from './database-tables.ts';
import type { TariffTables } from './tariff-tables.ts';

/** So many rows come at a time: more keep calls waiting while they are taken apart. */
const BATCH = 5_000;

/** Writes rows as one array a column (ADR 0123). @param from the place of the first of them */
export async function insertTariffRows(
  transaction: Transaction<Database>,
  version: bigint,
  from: number,
  rows: readonly TariffRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const rates = rows.map(({ rate }) => rate);
  await sql`
    insert into tariff_rows (version, place, prefix, destination, is_blocked, effective_from_ms, effective_to_ms,
      per_minute_micros, connect_fee_micros, initial_increment_seconds, next_increment_seconds, minimum_micros,
      free_seconds)
    select ${version}::bigint, * from unnest(
      ${rows.map((_, at) => from + at)}::integer[],
      ${rows.map(({ prefix }) => prefix)}::text[],
      ${rows.map(({ destination }) => destination)}::text[],
      ${rows.map(({ status }) => status === 'blocked')}::boolean[],
      ${rows.map(({ effectiveFromMs }) => effectiveFromMs ?? null)}::bigint[],
      ${rows.map(({ effectiveToMs }) => effectiveToMs ?? null)}::bigint[],
      ${rates.map((rate) => rate?.perMinuteMicros ?? null)}::bigint[],
      ${rates.map((rate) => rate?.connectFeeMicros ?? null)}::bigint[],
      ${rates.map((rate) => rate?.initialIncrementSeconds ?? null)}::integer[],
      ${rates.map((rate) => rate?.nextIncrementSeconds ?? null)}::integer[],
      ${rates.map((rate) => rate?.minimumMicros ?? null)}::bigint[],
      ${rates.map((rate) => rate?.freeSeconds ?? null)}::integer[])
  `.execute(transaction);
}

/** The rows of a version in their order. A version never changes, so that no batch contradicts another. */
export async function* tariffRowsOf(
  kysely: Kysely<Database>,
  { tariff, number }: Pick<TariffVersion, 'number' | 'tariff'>,
): AsyncGenerator<readonly TariffRow[]> {
  const version = await kysely
    .selectFrom('tariff_versions')
    .innerJoin('tariffs', 'tariffs.name', 'tariff_versions.tariff')
    .select(['tariff_versions.key', 'tariffs.currency'])
    .where('tariff_versions.tariff', '=', tariff)
    .where('tariff_versions.number', '=', number)
    .executeTakeFirst();
  if (version === undefined) return;
  for (let from = 0; ; from += BATCH) {
    const rows = await kysely
      .selectFrom('tariff_rows')
      .selectAll()
      .where('version', '=', version.key)
      .where('place', '>=', from)
      .where('place', '<', from + BATCH)
      .orderBy('place')
      .execute();
    yield rows.map((row) => rowOf(row, version.currency as Currency));
    if (rows.length < BATCH) return;
  }
}

function rowOf(row: Selectable<TariffTables['tariff_rows']>, currency: Currency): TariffRow {
  const reach = {
    prefix: row.prefix,
    destination: row.destination,
    ...(row.effective_from_ms === null ? {} : { effectiveFromMs: Number(row.effective_from_ms) }),
    ...(row.effective_to_ms === null ? {} : { effectiveToMs: Number(row.effective_to_ms) }),
  };
  const rate = rateOf(row, currency);
  if (!row.is_blocked && rate !== undefined) return { ...reach, status: 'open', rate };
  return { ...reach, status: 'blocked', ...(rate === undefined ? {} : { rate }) };
}

function rateOf(row: Selectable<TariffTables['tariff_rows']>, currency: Currency): Rate | undefined {
  if (row.per_minute_micros === null) return undefined;
  return {
    currency,
    perMinuteMicros: row.per_minute_micros,
    connectFeeMicros: row.connect_fee_micros ?? 0n,
    initialIncrementSeconds: row.initial_increment_seconds ?? 1,
    nextIncrementSeconds: row.next_increment_seconds ?? 1,
    minimumMicros: row.minimum_micros ?? 0n,
    freeSeconds: row.free_seconds ?? 0,
  };
}
