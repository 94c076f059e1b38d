import { type Kysely, type Selectable, sql } from 'kysely';
import { callEndedEvents } from '../../services/call-events.ts';
import { chargesOfRecord } from '../../services/charges-of-record.ts';
import type { CallRecord, CallRecordFilter, CallRecordStore } from '../../services/ports/index.ts';
import { createCallListeners } from './call-listeners.ts';
import type { CallRecordTables } from './call-record-tables.ts';
import { termsJson, termsOfJson } from './charge-rows.ts';
import type { Database } from './database-tables.ts';
import { insertEvents } from './insert-events.ts';
import { keepCharges, keepEnds } from './keep-charges.ts';

type Row = Selectable<CallRecordTables['call_records']>;

/**
 * Call records in PostgreSQL, a row a call, written in batches.
 * @param processId the process that carries the calls; those without one are open only until somebody closes them
 */
export function createCallRecordStore(kysely: Kysely<Database>, processId?: string): CallRecordStore {
  const eventsOf = createCallListeners(kysely);
  return {
    async save(records) {
      if (records.length === 0) return;
      const latest = latestById(records);
      const charges = latest.flatMap(chargesOfRecord);
      const events = await eventsOf(latest);
      if (charges.length === 0 && events.length === 0) {
        await insertOrReplace(latest, processId).execute(kysely);
        return;
      }
      await kysely.transaction().execute(async (transaction) => {
        await insertOrReplace(latest, processId).execute(transaction);
        await keepEnds(transaction, charges);
        await insertEvents(transaction, events);
      });
    },

    async touch(ids, lastSeenAtMs) {
      // Rows are locked in the order of their ids, as `save` locks them: else the two could deadlock.
      await sql`
        with alive as (
          select id from call_records
          where id = any(${ids}::text[]) and ended_at_ms is null and last_seen_at_ms < ${lastSeenAtMs}
          order by id for no key update)
        update call_records set last_seen_at_ms = ${lastSeenAtMs} from alive where call_records.id = alive.id
      `.execute(kysely);
    },

    async closeOpen() {
      return kysely.transaction().execute(async (transaction) => {
        // Rows are locked one after the other, and whoever comes second finds them ended: each is ended once.
        const { rows } = await sql<Row>`
          update call_records
          set status = case when answered_at_ms is null then 'failed' else 'completed' end,
            ended_at_ms = last_seen_at_ms, hung_up_by = 'exchange'
          where ended_at_ms is null
            and not exists (select from processes where processes.id = call_records.process_id)
          returning *
        `.execute(transaction);
        const closed = rows.map(recordOf);
        await keepCharges(transaction, closed.flatMap(chargesOfRecord));
        await sql`
          update call_records set charging = null
          where id = any(${rows.map(({ id }) => id)}::text[]) and charging is not null
        `.execute(transaction);
        await insertEvents(transaction, closed.flatMap(callEndedEvents));
        return rows.length;
      });
    },

    async find(id) {
      const row = await kysely.selectFrom('call_records').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : recordOf(row);
    },

    async list(filter) {
      const query = newestOf(kysely, filter).selectAll();
      if (filter.memberId === undefined) return (await query.execute()).map(recordOf);
      // Each side by its own index, as many as are wanted: `or` would sort all calls the member ever had.
      const made = newestOf(kysely, filter).select('id').where('caller_member_id', '=', filter.memberId);
      const got = newestOf(kysely, filter).select('id').where('callee_member_id', '=', filter.memberId);
      const rows = await query.where(sql<boolean>`id = any(array(${made}) || array(${got}))`).execute();
      return rows.map(recordOf);
    },
  };
}

/** The newest records that fit the filter, whoever their members are. */
function newestOf(kysely: Kysely<Database>, { status, before, limit }: CallRecordFilter) {
  let query = kysely.selectFrom('call_records').orderBy('id', 'desc').limit(limit);
  if (status !== undefined) query = query.where('status', '=', status);
  if (before !== undefined) query = query.where('id', '<', before);
  return query;
}

/** One array a column: half the price of a row of parameters for each record (ADR 0123). */
function insertOrReplace(records: readonly CallRecord[], processId: string | undefined) {
  return sql`
    insert into call_records as kept (
      id, status, caller_member_id, caller_terminal_id, caller_trunk, dialled, called_number, caller_number,
      callee_member_id, callee_terminal_id, callee_trunk, callee_address, attempts, media, started_at_ms, ringing_at_ms, answered_at_ms, ended_at_ms,
      last_seen_at_ms, hung_up_by, sip_status, q850_cause, refusal, charging, process_id)
    select *, ${processId ?? null}::text from unnest(
      ${records.map((record) => record.id)}::text[],
      ${records.map((record) => record.status)}::text[],
      ${records.map((record) => record.callerMemberId)}::text[],
      ${records.map((record) => record.callerTerminalId)}::text[],
      ${records.map((record) => record.callerTrunk)}::text[],
      ${records.map((record) => storable(record.dialled))}::text[],
      ${records.map((record) => storable(record.calledNumber))}::text[],
      ${records.map((record) => storable(record.callerNumber))}::text[],
      ${records.map((record) => record.calleeMemberId)}::text[],
      ${records.map((record) => record.calleeTerminalId)}::text[],
      ${records.map((record) => record.calleeTrunk)}::text[],
      ${records.map((record) => storable(record.calleeAddress))}::text[],
      ${records.map((record) => storable(jsonOf(record.attempts)))}::text[]::json[],
      ${records.map((record) => jsonOf(record.media))}::text[]::json[],
      ${records.map((record) => record.startedAtMs)}::bigint[],
      ${records.map((record) => record.ringingAtMs)}::bigint[],
      ${records.map((record) => record.answeredAtMs)}::bigint[],
      ${records.map((record) => record.endedAtMs)}::bigint[],
      ${records.map((record) => record.lastSeenAtMs)}::bigint[],
      ${records.map((record) => record.hungUpBy)}::text[],
      ${records.map((record) => record.sipStatus)}::integer[],
      ${records.map((record) => record.q850Cause)}::integer[],
      ${records.map((record) => record.refusal)}::text[],
      ${records.map(chargingJson)}::text[]::json[])
    on conflict (id) do update set
      status = excluded.status,
      caller_member_id = excluded.caller_member_id,
      caller_terminal_id = excluded.caller_terminal_id,
      caller_trunk = excluded.caller_trunk,
      dialled = excluded.dialled,
      called_number = excluded.called_number,
      caller_number = excluded.caller_number,
      callee_member_id = excluded.callee_member_id,
      callee_terminal_id = excluded.callee_terminal_id,
      callee_trunk = excluded.callee_trunk,
      callee_address = excluded.callee_address,
      attempts = excluded.attempts,
      media = excluded.media,
      started_at_ms = excluded.started_at_ms,
      ringing_at_ms = excluded.ringing_at_ms,
      answered_at_ms = excluded.answered_at_ms,
      ended_at_ms = excluded.ended_at_ms,
      last_seen_at_ms = greatest(kept.last_seen_at_ms, excluded.last_seen_at_ms),
      hung_up_by = excluded.hung_up_by,
      sip_status = excluded.sip_status,
      q850_cause = excluded.q850_cause,
      refusal = excluded.refusal,
      charging = excluded.charging
    where kept.ended_at_ms is null or excluded.ended_at_ms is not null
  `;
}

/** The last version of each record that does not reopen it, in the order of their ids. */
function latestById(records: readonly CallRecord[]): CallRecord[] {
  const latest = new Map<string, CallRecord>();
  for (const record of records) {
    const reopens = latest.get(record.id)?.endedAtMs !== undefined && record.endedAtMs === undefined;
    if (!reopens) latest.set(record.id, record);
  }
  // Two batches at once lock rows in the same order, so that neither waits for the other in a circle.
  return [...latest.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** What is charged is kept apart once a call has ended. */
function chargingJson({ charging, endedAtMs }: CallRecord): string | undefined {
  return charging === undefined || endedAtMs !== undefined
    ? undefined
    : JSON.stringify(charging.map(termsJson));
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** PostgreSQL's text holds every character but NUL, and one phone's nonsense must not hold up a whole batch. */
function storable(text: string | undefined): string | undefined {
  return text?.replaceAll('\0', '\uFFFD');
}

function recordOf(row: Row): CallRecord {
  const record = {
    id: row.id,
    status: row.status,
    callerMemberId: row.caller_member_id,
    callerTerminalId: row.caller_terminal_id,
    callerTrunk: row.caller_trunk,
    dialled: row.dialled,
    calledNumber: row.called_number,
    callerNumber: row.caller_number,
    calleeMemberId: row.callee_member_id,
    calleeTerminalId: row.callee_terminal_id,
    calleeTrunk: row.callee_trunk,
    calleeAddress: row.callee_address,
    attempts: row.attempts,
    media: row.media,
    startedAtMs: Number(row.started_at_ms),
    ringingAtMs: numberOf(row.ringing_at_ms),
    answeredAtMs: numberOf(row.answered_at_ms),
    endedAtMs: numberOf(row.ended_at_ms),
    lastSeenAtMs: Number(row.last_seen_at_ms),
    hungUpBy: row.hung_up_by,
    sipStatus: row.sip_status,
    q850Cause: row.q850_cause,
    refusal: row.refusal,
  };
  // What is null in SQL is absent in a record.
  const present = Object.fromEntries(
    Object.entries<unknown>(record).filter(([, value]) => value !== null),
  ) as CallRecord;
  return row.charging === null ? present : { ...present, charging: row.charging.map(termsOfJson) };
}

function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
