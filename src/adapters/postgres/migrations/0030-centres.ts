import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table configuration_revision (
      only_row boolean primary key default true check (only_row),
      revision bigint not null
    )
  `.execute(database);
  await sql`insert into configuration_revision (revision) values (0)`.execute(database);
  await sql`create table centres (name text collate "C" primary key, body json not null)`.execute(database);
  await sql`create table trunks (name text collate "C" primary key, body json not null)`.execute(database);
  await sql`create table operators (name text collate "C" primary key, body json not null)`.execute(database);
  await sql`
    create table carrier_routes (
      trunk text collate "C" not null references trunks (name) on delete cascade,
      prefix text collate "C" not null,
      cost_micros bigint not null,
      currency text collate "C" not null,
      priority integer not null,
      weight integer not null,
      primary key (trunk, prefix)
    )
  `.execute(database);
}
