import { type Kysely, sql } from 'kysely';

/**
 * Settlements with other networks. Charges are not marked as settled: a settlement has the line up to which charges
 * count for it, so that closing a month of a million calls writes one row.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table settlements (
      id text collate "C" primary key,
      trunk text collate "C" not null,
      currency text collate "C" not null,
      from_ms bigint not null,
      until_ms bigint not null,
      name text collate "C" not null,
      state text collate "C" not null check (state in ('closed', 'disputed', 'confirmed', 'paid')),
      owed_by_us_micros bigint not null,
      owed_to_us_micros bigint not null,
      due_micros bigint not null,
      difference_micros bigint not null,
      -- What is left of a paid one for the next, and which one that is.
      left_micros bigint not null default 0,
      carried_into text collate "C" references settlements (id),
      document json not null,
      check (from_ms < until_ms),
      check (state = 'paid' or carried_into is null),
      unique (trunk, currency, from_ms)
    )
  `.execute(database);
  await sql`create index settlements_by_state on settlements (state, id)`.execute(database);
  // Charges of an account in the order in which they were kept, for lists and for those that became known late.
  await sql`create index charges_of_account_by_line on charges (account, line)`.execute(database);
  await sql`create index charges_that_correct on charges (account, line) where run > 1`.execute(database);
  await sql`
    create table charge_corrections (
      charge_id text collate "C" primary key references charges (id),
      reason text not null,
      corrected_by text collate "C" not null,
      at_ms bigint not null
    )
  `.execute(database);
  await sql`
    create table reconciliations (
      id text collate "C" primary key,
      settlement_id text collate "C" not null references settlements (id),
      made_at_ms bigint not null,
      document json not null
    )
  `.execute(database);
  await sql`create index reconciliations_of_settlement on reconciliations (settlement_id, id)`.execute(
    database,
  );
}
