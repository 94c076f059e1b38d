import { type Kysely, type Selectable, sql } from 'kysely';
import type { Currency } from '../../domain/billing/index.ts';
import {
  countryOf,
  doRangesCollide,
  type NumberForSale,
  type NumberRange,
} from '../../domain/market/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { CatalogueStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import type { MarketTables } from './market-tables.ts';

/** The ranges on sale, in PostgreSQL. */
export function createCatalogueStore(kysely: Kysely<Database>): CatalogueStore {
  return {
    add: (range) =>
      kysely.transaction().execute(async (transaction) => {
        // No index knows when two ranges collide: whoever adds one keeps the others waiting, the readers not.
        await sql`lock table number_ranges in share row exclusive mode`.execute(transaction);
        const inTheWay = (await onSale(transaction)).find((other) => doRangesCollide(range, other));
        if (inTheWay === undefined) await insert(transaction, range);
        return inTheWay;
      }),

    async withdraw(id, withdrawnAtMs) {
      const row = await kysely
        .updateTable('number_ranges')
        .set({ withdrawn_at_ms: sql`coalesce(withdrawn_at_ms, ${withdrawnAtMs})` })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? undefined : rangeOf(row);
    },

    onSale: () => onSale(kysely),

    rangeOf: (number) => rangeWith(kysely, number),
  };
}

async function onSale(kysely: Kysely<Database>): Promise<readonly NumberRange[]> {
  const rows = await kysely
    .selectFrom('number_ranges')
    .selectAll()
    .where('withdrawn_at_ms', 'is', null)
    .orderBy('kind')
    .orderBy('country_code')
    .orderBy('prefix')
    .execute();
  return rows.map(rangeOf);
}

async function rangeWith(kysely: Kysely<Database>, number: NumberForSale): Promise<NumberRange | undefined> {
  const rows = await kysely
    .selectFrom('number_ranges')
    .selectAll()
    .where('kind', '=', number.kind)
    .where('country_code', '=', countryOf(number) ?? '')
    .where(sql<boolean>`starts_with(${number.subscriber}, prefix)`)
    .where(sql<boolean>`length(prefix) + open_digits = ${number.subscriber.length}::integer`)
    .orderBy(sql`withdrawn_at_ms desc nulls first`)
    .limit(1)
    .execute();
  return rows[0] && rangeOf(rows[0]);
}

async function insert(kysely: Kysely<Database>, range: NumberRange): Promise<void> {
  await kysely
    .insertInto('number_ranges')
    .values({
      id: range.id,
      kind: range.kind,
      country_code: range.countryCode ?? '',
      prefix: range.prefix,
      open_digits: range.openDigits,
      currency: range.price.currency,
      price_micros: range.price.micros,
      surcharge_micros: range.memorableSurcharge.micros,
      renewal_micros: range.renewalPrice.micros,
      added_at_ms: BigInt(range.addedAtMs),
      withdrawn_at_ms: null,
    })
    .execute();
}

function rangeOf(row: Selectable<MarketTables['number_ranges']>): NumberRange {
  const currency = row.currency as Currency;
  return {
    id: row.id,
    kind: row.kind,
    ...(row.country_code === '' ? {} : { countryCode: row.country_code as CountryCode }),
    prefix: row.prefix,
    openDigits: row.open_digits,
    price: { currency, micros: row.price_micros },
    memorableSurcharge: { currency, micros: row.surcharge_micros },
    renewalPrice: { currency, micros: row.renewal_micros },
    addedAtMs: Number(row.added_at_ms),
    ...(row.withdrawn_at_ms === null ? {} : { withdrawnAtMs: Number(row.withdrawn_at_ms) }),
  };
}
