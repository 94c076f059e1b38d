import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type {
  OpenSettlement,
  StatedSettlement,
  StatementParts,
} from '../../domain/billing/settlement/index.ts';
import { type SettlementStore, spanOf } from '../../services/ports/index.ts';
import { counting } from './counting.ts';
import type { Database } from './database-tables.ts';
import { countSettled, settledLegs } from './settled-charges.ts';
import { listedOf, rowOf, settlementOf } from './settlement-rows.ts';
import { writeEntries } from './write-ledger.ts';

/** Whoever keeps charges waits no longer than this at a time while a cut is asked for. */
const WAIT_AT_ONCE_MS = 500;
const MOST_WAITS = 20;

/** Settlements in PostgreSQL. */
export function createSettlementStore(kysely: Kysely<Database>): SettlementStore {
  return {
    async find(id) {
      const row = await kysely
        .selectFrom('settlements')
        .select('document')
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : settlementOf(row);
    },

    async list({ trunk, state, before, limit }) {
      let query = kysely
        .selectFrom('settlements')
        .select(['id', 'trunk', 'currency', 'from_ms', 'until_ms', 'name', 'state'])
        .select(['owed_by_us_micros', 'owed_to_us_micros', 'due_micros', 'difference_micros'])
        .orderBy('id', 'desc')
        .limit(limit);
      if (trunk !== undefined) query = query.where('trunk', '=', trunk);
      // The open ones are not kept.
      if (state !== undefined) query = query.where(sql<boolean>`state = ${state}`);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(listedOf);
    },

    async last(trunk, currency) {
      return newest(kysely, trunk, currency);
    },

    async before({ trunk, currency, period }) {
      return newest(kysely, trunk, currency, period.fromMs);
    },

    async firstEndMs(account, currency) {
      const row = await kysely
        .selectFrom('charges')
        .select('ended_at_ms')
        .where('account', '=', account)
        .where('currency', '=', currency)
        .orderBy('ended_at_ms')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : Number(row.ended_at_ms);
    },

    async preview(settlement) {
      return counting(kysely, async (transaction) => {
        const { rows } = await sql<{
          readonly line: bigint;
        }>`select coalesce(max(line), 0) as line from charges`.execute(transaction);
        const left = await leftOf(transaction, settlement);
        return countPeriod(transaction, settlement, Number(rows[0]?.line), left);
      });
    },

    async close(settlement, state) {
      const cutLine = await takeCut(kysely);
      if (cutLine === undefined) return 'busy';
      return counting(kysely, async (transaction) => {
        // One period of a trunk after the other: each needs the cut of the one before.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`settlement/${settlement.trunk}`}, 0))`.execute(
          transaction,
        );
        const known = await keptOf(transaction, settlement);
        if (known !== undefined) return known;
        // Locked, so that what is added up is what is carried: another one may be paid at this moment.
        const left = await leftOf(transaction, settlement, sql`for update`);
        const closed = state(await countPeriod(transaction, settlement, cutLine, left));
        await transaction
          .insertInto('settlements')
          .values({ ...rowOf(closed), carried_into: null })
          .execute();
        await sql`
          update settlements set carried_into = ${closed.id} where id = any(${left.map(({ id }) => id)}::text[])
        `.execute(transaction);
        return closed;
      });
    },

    async revise(id, step) {
      return kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('settlements')
          .select('document')
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const stepped = step(settlementOf(row));
        if (!stepped.ok) return stepped;
        const [next, effects] = stepped.value;
        if (next.state === 'open') throw new Error(`The settlement ${id} was opened again.`);
        for (const { entries } of effects) await writeEntries(transaction, entries);
        await transaction.updateTable('settlements').set(rowOf(next)).where('id', '=', id).execute();
        return { ok: true, value: next };
      });
    },

    async cut() {
      return (await takeCut(kysely)) ?? 'busy';
    },

    legs(span) {
      return settledLegs(kysely, span);
    },
  };
}

/**
 * The line up to which charges are there for good. Charges get their numbers before they can be seen, and a smaller one
 * may be seen later: so for a moment nobody keeps charges, and whoever does is waited for. Where that takes long,
 * others go first, so that calls are never held up by it.
 */
async function takeCut(kysely: Kysely<Database>): Promise<number | undefined> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    try {
      return await kysely.transaction().execute(async (transaction) => {
        await sql`select set_config('lock_timeout', ${String(WAIT_AT_ONCE_MS)}, true)`.execute(transaction);
        await sql`lock table charges in share mode`.execute(transaction);
        const { rows } = await sql<{
          readonly line: bigint;
        }>`select coalesce(max(line), 0) as line from charges`.execute(transaction);
        return Number(rows[0]?.line);
      });
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
    }
  }
  return undefined;
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55P03';
}

async function countPeriod(
  transaction: Kysely<Database>,
  settlement: OpenSettlement,
  cutLine: number,
  left: readonly Left[],
): Promise<StatementParts> {
  const { trunk, currency, period } = settlement;
  const before = await newest(transaction, trunk, currency, period.fromMs);
  // A cut that was taken earlier than that of the period before would count charges twice.
  const cut = Math.max(cutLine, before?.statement.cutLine ?? 0);
  const counted = await countSettled(transaction, spanOf(settlement, cut, before));
  return { ...counted, carriedForwardMicros: left.reduce((sum, { left_micros }) => sum + left_micros, 0n) };
}

/** A paid settlement of which something is left that is in no other one yet. */
type Left = { readonly id: string; readonly left_micros: bigint };

async function leftOf(
  transaction: Kysely<Database>,
  { trunk, currency }: OpenSettlement,
  lock = sql``,
): Promise<readonly Left[]> {
  const { rows } = await sql<Left>`
    select id, left_micros from settlements
    where trunk = ${trunk} and currency = ${currency} and left_micros <> 0 and carried_into is null ${lock}
  `.execute(transaction);
  return rows;
}

async function newest(
  kysely: Kysely<Database>,
  trunk: string,
  currency: string,
  beforeMs = Number.MAX_SAFE_INTEGER,
): Promise<StatedSettlement | undefined> {
  const { rows } = await sql<{ readonly document: unknown }>`
    select document from settlements
    where trunk = ${trunk} and currency = ${currency} and from_ms < ${beforeMs} order by from_ms desc limit 1
  `.execute(kysely);
  const [row] = rows;
  return row === undefined ? undefined : settlementOf(row);
}

async function keptOf(
  transaction: Kysely<Database>,
  { trunk, currency, period }: OpenSettlement,
): Promise<StatedSettlement | undefined> {
  const row = await transaction
    .selectFrom('settlements')
    .select('document')
    .where('trunk', '=', trunk)
    .where('currency', '=', currency)
    .where('from_ms', '=', BigInt(period.fromMs))
    .executeTakeFirst();
  return row === undefined ? undefined : settlementOf(row);
}
