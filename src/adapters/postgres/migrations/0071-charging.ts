import { type Kysely, sql } from 'kysely';

/** How calls are charged: one document with a revision, and the terms of those members who have their own. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table charging_set_up (
      revision bigint not null,
      body json not null
    )
  `.execute(database);
  await sql`insert into charging_set_up (revision, body) values (0, '{}')`.execute(database);
  await sql`
    create table calling_terms (
      member_id text collate "C" primary key references members (id),
      body json not null
    )
  `.execute(database);
}
