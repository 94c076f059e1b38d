import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Currency } from '../../domain/billing/index.ts';
import type { Tariff, TariffVersion } from '../../domain/billing/tariffs/index.ts';
import type { TariffDraft, TariffImport, TariffStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { insertTariffRows, tariffRowsOf } from './tariff-rows.ts';
import type { TariffTables } from './tariff-tables.ts';

/** Names one lock of the database for each tariff: one version is published at a time. */
const PUBLICATION_LOCK = 3_000_070;

/** What came of an import is of interest for a month. */
const IMPORTS_KEPT_MS = 30 * 86_400_000;

/** Tariffs in PostgreSQL. */
export function createTariffStore(kysely: Kysely<Database>): TariffStore {
  return {
    create: (tariff) => createTariff(kysely, tariff),

    find: async (name) => {
      const row = await kysely.selectFrom('tariffs').selectAll().where('name', '=', name).executeTakeFirst();
      if (row === undefined) return undefined;
      const versions = await published(kysely).where('tariff', '=', name).execute();
      return { tariff: tariffOf(row), versions: versions.map(versionOf) };
    },

    all: async () => {
      const tariffs = await kysely.selectFrom('tariffs').selectAll().orderBy('name').execute();
      const versions = (await published(kysely).execute()).map(versionOf);
      const byTariff = Map.groupBy(versions, ({ tariff }) => tariff);
      return tariffs.map((row) => ({ tariff: tariffOf(row), versions: byTariff.get(row.name) ?? [] }));
    },

    publish: (draft, nowMs) =>
      kysely.transaction().execute((transaction) => publishIn(transaction, draft, nowMs)),

    takeBack: async (tariff, number, atMs) => {
      const row = await kysely
        .updateTable('tariff_versions')
        .set({
          taken_back_at_ms: sql`coalesce(taken_back_at_ms, greatest(${atMs}::bigint, published_at_ms))`,
        })
        .where('tariff', '=', tariff)
        .where('number', '=', number)
        .returningAll()
        .executeTakeFirst();
      return row && versionOf(row);
    },

    rows: (version) => tariffRowsOf(kysely, version),

    saveImport: (job) => saveImport(kysely, job),

    findImport: async (id) => {
      const row = await kysely
        .selectFrom('tariff_imports')
        .select('body')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.body as TariffImport | undefined;
    },
  };
}

async function createTariff(kysely: Kysely<Database>, tariff: Tariff): Promise<Tariff> {
  const { name, kind, currency, timeZone, createdAtMs } = tariff;
  await kysely
    .insertInto('tariffs')
    .values({ name, kind, currency, time_zone: timeZone, created_at_ms: BigInt(createdAtMs) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await kysely
    .selectFrom('tariffs')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return tariffOf(row);
}

async function publishIn(
  transaction: Transaction<Database>,
  { tariff, afterNumber, effectiveFromMs, rows }: TariffDraft,
  nowMs: () => number,
): Promise<TariffVersion | undefined> {
  const lock = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${PUBLICATION_LOCK}, hashtext(${tariff})) as mine
  `.execute(transaction);
  const there = await transaction
    .selectFrom('tariffs')
    .leftJoin('tariff_versions', 'tariff_versions.tariff', 'tariffs.name')
    .select(({ fn }) => fn.max('tariff_versions.number').as('last'))
    .where('tariffs.name', '=', tariff)
    .groupBy('tariffs.name')
    .executeTakeFirst();
  const isInOrder = there !== undefined && (there.last ?? 0) === afterNumber;
  if (lock.rows[0]?.mine !== true || !isInOrder) return undefined;
  const startedAtMs = BigInt(nowMs());
  const { key } = await transaction
    .insertInto('tariff_versions')
    .values({
      tariff,
      number: afterNumber + 1,
      effective_from_ms: startedAtMs,
      published_at_ms: startedAtMs,
      row_count: 0,
    })
    .returning('key')
    .executeTakeFirstOrThrow();
  let rowCount = 0;
  for await (const batch of rows) {
    await insertTariffRows(transaction, key, rowCount, batch);
    rowCount += batch.length;
  }
  // The rows took a while: the version counts from the moment at which the last of them was there.
  const publishedAtMs = nowMs();
  const row = await transaction
    .updateTable('tariff_versions')
    .set({
      effective_from_ms: BigInt(Math.max(effectiveFromMs ?? publishedAtMs, publishedAtMs)),
      published_at_ms: BigInt(publishedAtMs),
      row_count: rowCount,
    })
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirstOrThrow();
  return versionOf(row);
}

async function saveImport(kysely: Kysely<Database>, job: TariffImport): Promise<void> {
  const updated = { updated_at_ms: BigInt(job.updatedAtMs), body: JSON.stringify(job) };
  await kysely
    .insertInto('tariff_imports')
    .values({ id: job.id, tariff: job.tariff, ...updated })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(updated))
    .execute();
  await kysely
    .deleteFrom('tariff_imports')
    .where('updated_at_ms', '<', BigInt(job.updatedAtMs - IMPORTS_KEPT_MS))
    .execute();
}

function published(kysely: Kysely<Database>) {
  return kysely.selectFrom('tariff_versions').selectAll().orderBy('tariff').orderBy('number');
}

function tariffOf(row: Selectable<TariffTables['tariffs']>): Tariff {
  return {
    name: row.name,
    kind: row.kind,
    currency: row.currency as Currency,
    timeZone: row.time_zone,
    createdAtMs: Number(row.created_at_ms),
  };
}

function versionOf(row: Selectable<TariffTables['tariff_versions']>): TariffVersion {
  return {
    tariff: row.tariff,
    number: row.number,
    effectiveFromMs: Number(row.effective_from_ms),
    publishedAtMs: Number(row.published_at_ms),
    rowCount: row.row_count,
    ...(row.taken_back_at_ms === null ? {} : { takenBackAtMs: Number(row.taken_back_at_ms) }),
  };
}
