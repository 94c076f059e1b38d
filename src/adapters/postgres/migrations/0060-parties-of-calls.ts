import { type Kysely, sql } from 'kysely';

/**
 * A call may come from another network and go to one: then no terminal of ours is at that end, several ways may be
 * tried, and its sound is relayed.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    alter table call_records
      alter column caller_member_id drop not null,
      alter column caller_terminal_id drop not null,
      add column caller_trunk text,
      add column callee_trunk text,
      add column callee_address text,
      add column attempts json,
      add column media json
  `.execute(database);
}
