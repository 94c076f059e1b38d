import { type Kysely, sql } from 'kysely';

/**
 * The years of numbers (R24), and the months of invoices. Numbers that were sold before there were renewals are paid
 * for until the first anniversary that leaves time for all reminders (ADR 0471).
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table number_ranges add column renewal_micros bigint check (renewal_micros >= 0)`.execute(
    database,
  );
  await sql`update number_ranges set renewal_micros = price_micros`.execute(database);
  await sql`alter table number_ranges alter column renewal_micros set not null`.execute(database);
  await sql`
    alter table bills
      add column period_from_ms bigint,
      add column period_until_ms bigint,
      add column cut_line bigint,
      add check ((period_from_ms is null) = (period_until_ms is null))
  `.execute(database);
  // One invoice a month, however many processes make it.
  await sql`
    create unique index bills_one_invoice on bills (member_id, currency, period_from_ms)
    where kind = 'invoice' and period_from_ms is not null
  `.execute(database);
  await sql`
    create table number_terms (
      order_id text collate "C" primary key references number_orders (id),
      member_id text collate "C" not null references members (id),
      state text collate "C" not null check (state in ('current', 'due', 'grace', 'lapsed', 'ended')),
      started_at_ms bigint not null,
      years integer not null check (years >= 1),
      paid_until_ms bigint not null,
      mode text collate "C" not null check (mode in ('by-bill', 'from-credit')),
      revision integer not null,
      notice text collate "C",
      bill_id text collate "C" references bills (id) deferrable initially deferred,
      billed_at_ms bigint,
      reminded_days integer,
      grace_until_ms bigint,
      lapsed_at_ms bigint,
      quarantine_until_ms bigint,
      ended_at_ms bigint,
      next_move_at_ms bigint
    ) with (fillfactor = 80)
  `.execute(database);
  await sql`
    create index number_terms_to_move on number_terms (next_move_at_ms) where next_move_at_ms is not null
  `.execute(database);
  await sql`create index number_terms_of_member on number_terms (member_id, order_id)`.execute(database);
  await beginTerms(database);
}

/** Thirty days for the reminders, and some for this to be installed. */
const SOONEST_MS = 31 * 24 * 3_600_000;

async function beginTerms(database: Kysely<unknown>): Promise<void> {
  await sql`
    insert into number_terms (order_id, member_id, state, started_at_ms, years, paid_until_ms, mode, revision,
      next_move_at_ms)
    select id, member_id, 'current', paid_at_ms, years, paid_until_ms, 'by-bill', 0,
      paid_until_ms - 30 * 86400000::bigint
    from number_orders
    cross join lateral (
      select years, (extract(epoch from
        (to_timestamp(paid_at_ms / 1000.0) at time zone 'UTC' + make_interval(years => years)) at time zone 'UTC')
        * 1000)::bigint as paid_until_ms
      from generate_series(1, 200) as years) as anniversary
    where state = 'assigned' and paid_at_ms is not null
      and paid_until_ms > extract(epoch from now()) * 1000 + ${SOONEST_MS}
      and years = (
        select min(candidate) from generate_series(1, 200) as candidate
        where extract(epoch from
          (to_timestamp(paid_at_ms / 1000.0) at time zone 'UTC' + make_interval(years => candidate))
          at time zone 'UTC') * 1000 > extract(epoch from now()) * 1000 + ${SOONEST_MS})
  `.execute(database);
}
