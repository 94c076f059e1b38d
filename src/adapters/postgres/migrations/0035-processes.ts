import { type Kysely, sql } from 'kysely';

/** Many processes share the database: each writes that it lives, and what it carries is marked as its own. */
export async function up(database: Kysely<unknown>): Promise<void> {
  // Every process updates its row each second: room in the page keeps these updates off the index.
  await sql`
    create table processes (
      id text collate "C" primary key,
      place text collate "C" not null,
      centres text[],
      address text,
      is_draining boolean not null default false,
      started_at timestamptz not null default clock_timestamp(),
      heartbeat_at timestamptz not null default clock_timestamp()
    ) with (fillfactor = 20)
  `.execute(database);
  await sql`
    create table process_secret (is_only boolean primary key default true check (is_only), secret text not null)
  `.execute(database);
  await sql`alter table call_records add column process_id text collate "C"`.execute(database);
  // What was bound before belongs to the place of whoever has the embedded database.
  await sql`alter table registrations add column place text collate "C" not null default ''`.execute(
    database,
  );
  await sql`alter table registrations drop constraint registrations_pkey`.execute(database);
  await sql`alter table registrations add primary key (place, terminal_id)`.execute(database);
}
