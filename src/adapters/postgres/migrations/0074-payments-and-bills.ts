import { type Kysely, sql } from 'kysely';

/**
 * Payments for more than number orders, bills, and the lines of the ledger that payments would have made which were
 * recorded before there was one. Their sales are booked whole: nobody had said then what tax was in them (ADR 0431).
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table bills (
      id text collate "C" primary key,
      member_id text collate "C" not null references members (id),
      kind text collate "C" not null check (kind in ('top-up', 'invoice', 'renewal')),
      order_id text collate "C" references number_orders (id),
      currency text collate "C" not null,
      amount_micros bigint not null check (amount_micros > 0),
      description text not null,
      payment_reference text collate "C" not null unique,
      state text collate "C" not null check (state in ('open', 'paid', 'cancelled', 'expired', 'refunded')),
      created_at_ms bigint not null,
      due_at_ms bigint not null,
      expires_at_ms bigint,
      paid_at_ms bigint,
      ended_at_ms bigint
    )
  `.execute(database);
  await sql`create index bills_of_member on bills (member_id, id)`.execute(database);
  await sql`create index bills_by_state on bills (state, id)`.execute(database);
  await sql`create index bills_open on bills (currency, amount_micros, id) where state = 'open'`.execute(
    database,
  );
  await sql`create index bills_overdue on bills (expires_at_ms) where state = 'open'`.execute(database);
  await sql`
    create index number_orders_awaiting on number_orders (currency, price_micros, id)
    where state = 'awaiting-payment'
  `.execute(database);
  await sql`
    alter table payments
      alter column order_id drop not null,
      add column bill_id text collate "C" references bills (id),
      add column member_id text collate "C" references members (id),
      add column channel text collate "C" not null default 'bank' check (channel in ('bank', 'card')),
      add column tax_micros bigint not null default 0 check (tax_micros >= 0 and tax_micros < amount_micros),
      add column payer text,
      add column remark text,
      add column accepted_at_ms bigint,
      add check (num_nonnulls(order_id, bill_id, member_id) <= 1),
      drop constraint payments_disposition_check,
      add constraint payments_disposition_check
        check (disposition in ('accepted', 'unallocated', 'refund-due', 'refunded'))
  `.execute(database);
  await sql`
    create unique index payments_one_accepted_of_bill on payments (bill_id) where disposition = 'accepted'
  `.execute(database);
  await sql`create index payments_of_bill on payments (bill_id, id) where bill_id is not null`.execute(
    database,
  );
  await sql`create index payments_of_member on payments (member_id, id) where member_id is not null`.execute(
    database,
  );
  await sql`
    create table ledger_adjustments (
      id text collate "C" primary key references ledger_lines (id),
      reason text not null,
      user_id text collate "C" not null
    )
  `.execute(database);
  await postEarlierPayments(database);
}

async function postEarlierPayments(database: Kysely<unknown>): Promise<void> {
  await sql`update payments set accepted_at_ms = recorded_at_ms where disposition = 'accepted'`.execute(
    database,
  );
  await sql`
    insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms)
    select 'payment/' || id || step, 'posted', debit, credit, currency, amount_micros, purpose, 'order/' || order_id,
      at_ms
    from (
      select id, order_id, currency, amount_micros, 1 as place, recorded_at_ms as at_ms, 'bank' as debit,
        case when disposition = 'accepted' then '/sale' else '/kept' end as step,
        case when disposition = 'accepted' then 'number-sales' else 'deposits' end as credit,
        case when disposition = 'accepted' then 'number-sale' else 'deposit' end as purpose
      from payments
      union all
      select id, order_id, currency, amount_micros, 2, refunded_at_ms, 'deposits', '/payout', 'bank', 'payout'
      from payments where disposition = 'refunded') as movement
    order by at_ms, place
  `.execute(database);
}
