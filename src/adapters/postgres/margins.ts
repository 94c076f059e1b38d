import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Currency } from '../../domain/billing/index.ts';
import type { MarginFilter, MarginKey, MarginLine } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

type Row = {
  readonly key: string;
  readonly currency: Currency;
  readonly calls: bigint;
  readonly duration_ms: string;
  readonly revenue: string;
  readonly cost: string;
};

/** A report over a year of calls takes longer than other queries may. */
const REPORT_TIMEOUT_MS = 120_000;

/** What the legs of one call to one number have in common: a sale and its cost are charged for the same number. */
const KEYS: Readonly<Record<MarginKey, RawBuilder<unknown>>> = {
  destination: sql`coalesce(
    max(destination) filter (where kind = 'sale') over leg, max(destination) over leg)`,
  carrier: sql`coalesce(
    max(substr(account, 7)) filter (where kind = 'cost') over leg,
    max(substr(account, 7)) filter (where account like 'trunk/%') over leg, '')`,
  member: sql`coalesce(max(substr(account, 8)) filter (where account like 'member/%') over leg, '')`,
};

/** What calls earned. */
export async function marginLines(
  kysely: Kysely<Database>,
  { by, fromMs, untilMs, limit }: MarginFilter,
): Promise<readonly MarginLine[]> {
  return kysely.transaction().execute(async (transaction) => {
    await sql`select set_config('statement_timeout', ${String(REPORT_TIMEOUT_MS)}, true)`.execute(
      transaction,
    );
    const { rows } = await sql<Row>`
      with last_run as (
        select call_id, number, kind, account, paid_by, destination, currency, micros,
          ended_at_ms - answered_at_ms as duration_ms
        from charges
        where ended_at_ms >= ${fromMs} and ended_at_ms < ${untilMs} and not exists (
          select from charges as later
          where later.call_id = charges.call_id and later.leg = charges.leg and later.run > charges.run)),
      keyed as (
        select call_id, number, currency, paid_by, micros, duration_ms, ${KEYS[by]} as key
        from last_run window leg as (partition by call_id, number)),
      call as (
        select key, currency, max(duration_ms) as duration_ms,
          coalesce(sum(micros) filter (where paid_by = 'other'), 0) as revenue,
          coalesce(sum(micros) filter (where paid_by = 'us'), 0) as cost
        from keyed group by key, currency, call_id, number)
      select key, currency, count(*) as calls, sum(duration_ms)::text as duration_ms,
        sum(revenue)::text as revenue, sum(cost)::text as cost
      from call group by key, currency order by sum(revenue) desc, key limit ${limit}
    `.execute(transaction);
    return rows.map((row) => ({
      key: row.key,
      currency: row.currency,
      calls: Number(row.calls),
      durationMs: Number(row.duration_ms),
      revenueMicros: BigInt(row.revenue),
      costMicros: BigInt(row.cost),
    }));
  });
}
