import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table registrations (
      terminal_id text collate "C" primary key,
      bindings json not null,
      expires_at_ms bigint not null
    )
  `.execute(database);
  // A record is updated at its answer, its end and every proof of life: room in each page lets these updates
  // stay in it, without touching the indexes.
  await sql`
    create table call_records (
      id text collate "C" primary key,
      status text not null check (status in
        ('queued', 'ringing', 'answered', 'completed', 'busy', 'no-answer', 'failed', 'cancelled')),
      caller_member_id text collate "C" not null,
      caller_terminal_id text collate "C" not null,
      dialled text not null,
      called_number text,
      caller_number text,
      callee_member_id text collate "C",
      callee_terminal_id text collate "C",
      started_at_ms bigint not null,
      ringing_at_ms bigint,
      answered_at_ms bigint,
      ended_at_ms bigint,
      last_seen_at_ms bigint not null,
      hung_up_by text check (hung_up_by in ('caller', 'callee', 'exchange')),
      sip_status integer,
      q850_cause integer,
      refusal text
    ) with (fillfactor = 70)
  `.execute(database);
  // A start after a crash finds what is open without reading every call there ever was.
  await sql`create index call_records_open on call_records (id) where ended_at_ms is null`.execute(database);
  await sql`create index call_records_of_caller on call_records (caller_member_id, id)`.execute(database);
  await sql`create index call_records_of_callee on call_records (callee_member_id, id)`.execute(database);
}
