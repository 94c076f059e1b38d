import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_endpoints (
      id text collate "C" primary key,
      member_id text collate "C" references members (id),
      url text not null,
      topics text[] not null,
      description text,
      created_at_ms bigint not null,
      secrets json not null,
      version integer not null,
      state text not null check (state in ('open', 'disabled')),
      disabled_at_ms bigint check ((disabled_at_ms is null) = (state = 'open')),
      disabled_reason text check ((disabled_reason is null) = (state = 'open')),
      failures integer not null,
      failing_since_ms bigint,
      rest_until_ms bigint not null,
      lease uuid,
      lease_until timestamptz
    )
  `.execute(database);
  await sql`create index webhook_endpoints_of_member on webhook_endpoints (member_id, id)`.execute(database);
  await sql`
    create table webhook_events (
      id text collate "C" primary key,
      topic text not null,
      type text not null,
      occurred_at_ms bigint not null,
      member_id text collate "C",
      is_for_operators boolean not null,
      data json not null
    )
  `.execute(database);
  await sql`create index webhook_events_by_time on webhook_events (occurred_at_ms)`.execute(database);
  // A delivery is updated at every attempt: room in each page keeps the update there.
  await sql`
    create table webhook_deliveries (
      event_id text collate "C" not null references webhook_events (id),
      endpoint_id text collate "C" not null references webhook_endpoints (id) on delete cascade,
      sequence bigint generated always as identity,
      state text not null default 'pending' check (state in ('pending', 'delivered', 'given-up')),
      due_at_ms bigint not null default 0,
      first_tried_at_ms bigint,
      ended_at_ms bigint check ((ended_at_ms is null) = (state = 'pending')),
      reason text check ((reason is not null) = (state = 'given-up')),
      tries integer not null default 0,
      attempts json not null default '[]',
      primary key (event_id, endpoint_id)
    ) with (fillfactor = 80)
  `.execute(database);
  await sql`create index webhook_deliveries_listed on webhook_deliveries (endpoint_id, sequence)`.execute(
    database,
  );
  await sql`
    create index webhook_deliveries_waiting on webhook_deliveries (endpoint_id, due_at_ms) where state = 'pending'
  `.execute(database);
  await sql`
    create index webhook_deliveries_ended on webhook_deliveries (ended_at_ms) where ended_at_ms is not null
  `.execute(database);
}
