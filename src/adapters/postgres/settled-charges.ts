import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ChargeKind } from '../../domain/billing/charging/index.ts';
import { directionOf, type StatementParts, type UsageLine } from '../../domain/billing/settlement/index.ts';
import type { SettledLeg, SettledSpan } from '../../services/ports/index.ts';
import { chargeOf } from './charge-rows.ts';
import type { ChargeTables } from './charge-tables.ts';
import type { Database } from './database-tables.ts';

function settled(span: SettledSpan): RawBuilder<unknown> {
  return spanned(sql`account = ${span.account} and currency = ${span.currency}`, span);
}

/**
 * The charges of a span in two halves that do not overlap, each by its own index: those of calls that ended in it, and
 * those of earlier calls that became known late.
 */
export function spanned(
  which: RawBuilder<unknown>,
  { untilMs, cutLine, before }: Pick<SettledSpan, 'untilMs' | 'cutLine' | 'before'>,
): RawBuilder<unknown> {
  const of = sql`from charges where ${which}`;
  if (before === undefined) {
    return sql`select *, false as is_late ${of} and ended_at_ms < ${untilMs} and line <= ${cutLine}`;
  }
  return sql`
    select *, false as is_late ${of}
      and ended_at_ms >= ${before.untilMs} and ended_at_ms < ${untilMs} and line <= ${cutLine}
    union all
    select *, true as is_late ${of}
      and line > ${before.cutLine} and line <= ${cutLine} and ended_at_ms < ${before.untilMs}
  `;
}

/** What the run before it came to; nothing of a first run, for which nothing is looked up. */
export function runBefore(column: 'micros' | 'billed_seconds'): RawBuilder<unknown> {
  return sql`
    case when charge.run = 1 then 0 else coalesce((
      select ${sql.ref(`earlier.${column}`)} from charges as earlier
      where earlier.call_id = charge.call_id and earlier.leg = charge.leg and earlier.run < charge.run
      order by earlier.run desc limit 1), 0) end
  `;
}

type UsageRow = {
  readonly kind: ChargeKind;
  readonly paid_by: 'other' | 'us';
  readonly destination: string;
  readonly calls: bigint;
  readonly duration_ms: string;
  readonly billed_seconds: string;
  readonly micros: string;
  readonly late_calls: bigint;
  readonly late_micros: string;
};

/** Counts the charges of a span, and what the ledger moved for them. */
export async function countSettled(
  database: Kysely<Database>,
  span: SettledSpan,
): Promise<Omit<StatementParts, 'carriedForwardMicros'>> {
  const rows = await usageRows(database, span);
  const usage = rows.map(
    (row): UsageLine => ({
      direction: directionOf(row.kind),
      paidBy: row.paid_by,
      destination: row.destination,
      calls: Number(row.calls),
      durationMs: Number(row.duration_ms),
      billedSeconds: Number(row.billed_seconds),
      micros: BigInt(row.micros),
    }),
  );
  const late = {
    calls: rows.reduce((sum, row) => sum + Number(row.late_calls), 0),
    micros: rows.reduce((sum, { paid_by, late_micros }) => sum + owed(paid_by, BigInt(late_micros)), 0n),
  };
  return { usage, late, ledgerMicros: await movedFor(database, span), cutLine: span.cutLine };
}

function owed(paidBy: 'other' | 'us', micros: bigint): bigint {
  return paidBy === 'us' ? micros : -micros;
}

async function usageRows(database: Kysely<Database>, span: SettledSpan): Promise<readonly UsageRow[]> {
  const { rows } = await sql<UsageRow>`
    with charge as (${settled(span)}),
    change as (
      select kind, paid_by, destination, run, is_late, ended_at_ms - answered_at_ms as duration_ms,
        micros - (${runBefore('micros')}) as micros,
        billed_seconds - (${runBefore('billed_seconds')}) as billed_seconds
      from charge)
    select kind, paid_by, destination,
      count(*) filter (where run = 1) as calls,
      coalesce(sum(duration_ms) filter (where run = 1), 0)::text as duration_ms,
      sum(billed_seconds)::text as billed_seconds,
      sum(micros)::text as micros,
      count(*) filter (where is_late and run = 1) as late_calls,
      coalesce(sum(micros) filter (where is_late), 0)::text as late_micros
    from change group by kind, paid_by, destination order by kind, paid_by, destination
  `.execute(database);
  return rows;
}

/**
 * What the ledger moved on the account for the charges of a span. A line belongs to the run that wrote it, which its
 * id says; what was moved while the call went on belongs to the first.
 */
async function movedFor(database: Kysely<Database>, span: SettledSpan): Promise<bigint> {
  const { account, currency } = span;
  const { rows } = await sql<{ readonly micros: string }>`
    with charge as materialized (
      select run, 'call/' || call_id || '/' || leg as subject from (${settled(span)}) as settled),
    correction as materialized (select id, run from charges where account = ${account} and run > 1),
    moved as (
      select line.subject, coalesce(correction.run, 1) as run,
        case when line.credit = ${account} then line.micros else -line.micros end as micros
      from ledger_lines as line left join correction on correction.id = left(line.id, -1)
      where (line.credit = ${account} or line.debit = ${account}) and line.currency = ${currency}
        and line.kind in ('posted', 'post'))
    select coalesce(sum(moved.micros), 0)::text as micros
    from charge join moved on moved.subject = charge.subject and moved.run = charge.run
  `.execute(database);
  return BigInt(rows[0]?.micros ?? 0);
}

const LEGS_AT_ONCE = 5_000;

type LegRow = Omit<ChargeTables['charges'], 'line'> & {
  readonly line: bigint;
  readonly micros_before: bigint;
  readonly seconds_before: number;
  readonly caller_number: string | null;
};

/** The charges of a span in pages: late ones by their line, then the others by their end. */
export async function* settledLegs(
  database: Kysely<Database>,
  span: SettledSpan,
): AsyncGenerator<readonly SettledLeg[]> {
  const { account, currency, untilMs, cutLine, before } = span;
  const of = sql`account = ${account} and currency = ${currency} and line <= ${cutLine}`;
  if (before !== undefined) {
    let after = before.cutLine;
    for (;;) {
      const rows = await legRows(
        database,
        sql`${of} and line > ${after} and ended_at_ms < ${before.untilMs}`,
        sql`line`,
      );
      if (rows.length > 0) yield rows.map((row) => legOf(row, true));
      if (rows.length < LEGS_AT_ONCE) break;
      after = Number(rows.at(-1)?.line);
    }
  }
  const started = sql`${of} and ended_at_ms >= ${before?.untilMs ?? 0} and ended_at_ms < ${untilMs}`;
  for (let after: LegRow | undefined; ; ) {
    const rest: RawBuilder<unknown> =
      after === undefined ? sql`` : sql`and (ended_at_ms, line) > (${after.ended_at_ms}, ${after.line})`;
    const rows: LegRow[] = await legRows(database, sql`${started} ${rest}`, sql`ended_at_ms, line`);
    if (rows.length > 0) yield rows.map((row) => legOf(row, false));
    if (rows.length < LEGS_AT_ONCE) return;
    after = rows.at(-1);
  }
}

async function legRows(
  database: Kysely<Database>,
  which: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<LegRow[]> {
  const { rows } = await sql<LegRow>`
    select charge.*, (${runBefore('micros')})::bigint as micros_before,
      (${runBefore('billed_seconds')})::integer as seconds_before, call_records.caller_number
    from (select * from charges where ${which} order by ${order} limit ${LEGS_AT_ONCE}) as charge
    left join call_records on call_records.id = charge.call_id
    order by ${order}
  `.execute(database);
  return rows;
}

function legOf(row: LegRow, isLate: boolean): SettledLeg {
  const charge = chargeOf(row);
  return {
    charge,
    isLate,
    micros: charge.micros - row.micros_before,
    billedSeconds: charge.billedSeconds - row.seconds_before,
    ...(row.caller_number === null ? {} : { callerNumber: row.caller_number }),
  };
}
