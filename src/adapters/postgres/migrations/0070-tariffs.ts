import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table tariffs (
      name text collate "C" primary key,
      kind text collate "C" not null check (kind in ('retail', 'carrier')),
      currency text collate "C" not null,
      time_zone text collate "C" not null,
      created_at_ms bigint not null
    )
  `.execute(database);
  await sql`
    create table tariff_versions (
      key bigint generated always as identity primary key,
      tariff text collate "C" not null references tariffs (name),
      number integer not null check (number > 0),
      effective_from_ms bigint not null check (effective_from_ms >= published_at_ms),
      published_at_ms bigint not null,
      row_count integer not null,
      taken_back_at_ms bigint check (taken_back_at_ms >= published_at_ms),
      unique (tariff, number)
    )
  `.execute(database);
  await sql`
    create table tariff_rows (
      version bigint not null references tariff_versions (key),
      place integer not null,
      prefix text collate "C" not null,
      destination text collate "C" not null,
      is_blocked boolean not null,
      effective_from_ms bigint,
      effective_to_ms bigint check (effective_to_ms > effective_from_ms),
      per_minute_micros bigint check (per_minute_micros >= 0),
      connect_fee_micros bigint check (connect_fee_micros >= 0),
      initial_increment_seconds integer check (initial_increment_seconds > 0),
      next_increment_seconds integer check (next_increment_seconds > 0),
      minimum_micros bigint check (minimum_micros >= 0),
      free_seconds integer check (free_seconds >= 0),
      primary key (version, place),
      check (num_nulls(per_minute_micros, connect_fee_micros, initial_increment_seconds, next_increment_seconds,
        minimum_micros, free_seconds) in (0, case when is_blocked then 6 else 0 end))
    )
  `.execute(database);
  await sql`
    create table tariff_imports (
      id text collate "C" primary key,
      tariff text collate "C" not null references tariffs (name),
      updated_at_ms bigint not null,
      body json not null
    )
  `.execute(database);
  await sql`create index tariff_imports_by_age on tariff_imports (updated_at_ms)`.execute(database);
}
