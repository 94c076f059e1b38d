import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table number_ranges (
      id text collate "C" primary key,
      kind text collate "C" not null check (kind in ('personal', 'enterprise')),
      country_code text collate "C" not null check ((kind = 'personal') = (country_code <> '')),
      prefix text collate "C" not null,
      open_digits integer not null check (open_digits between 1 and 8),
      currency text collate "C" not null,
      price_micros bigint not null check (price_micros >= 0),
      surcharge_micros bigint not null check (surcharge_micros >= 0),
      added_at_ms bigint not null,
      withdrawn_at_ms bigint
    )
  `.execute(database);
  // Ended orders have no claim; an open or assigned one always has, unless its hold was overtaken in time.
  await sql`
    create table number_orders (
      id text collate "C" primary key,
      member_id text collate "C" not null references members (id),
      kind text collate "C" not null check (kind in ('personal', 'enterprise')),
      country_code text collate "C" not null check ((kind = 'personal') = (country_code <> '')),
      subscriber text collate "C" not null,
      state text collate "C" not null check (state in ('approved', 'awaiting-payment', 'paid', 'assigned',
        'released', 'expired', 'cancelled', 'refunded')),
      claim text collate "C" check (claim in ('held', 'assigned', 'quarantine')),
      claim_until_ms bigint check ((claim in ('held', 'quarantine')) = (claim_until_ms is not null)),
      currency text collate "C" not null,
      price_micros bigint not null,
      quoted_at_ms bigint not null,
      held_until_ms bigint,
      payment_reference text collate "C" unique,
      confirmed_at_ms bigint,
      paid_at_ms bigint,
      released_at_ms bigint,
      ended_at_ms bigint,
      check ((state = 'assigned') = (claim is not null and claim = 'assigned'))
    ) with (fillfactor = 80)
  `.execute(database);
  // One number, one buyer: whoever comes second finds the index taken, whatever it has checked before.
  await sql`
    create unique index number_orders_one_claim on number_orders (kind, country_code, subscriber)
    where claim is not null
  `.execute(database);
  await sql`create index number_orders_of_member on number_orders (member_id, id)`.execute(database);
  await sql`create index number_orders_by_state on number_orders (state, id)`.execute(database);
  await sql`
    create index number_orders_overdue on number_orders (held_until_ms) where held_until_ms is not null
  `.execute(database);
  await sql`
    create index number_orders_quarantined on number_orders (claim_until_ms) where claim = 'quarantine'
  `.execute(database);
  // No number is assigned without money: the deposit is there, or the transaction is not.
  await sql`
    create table payments (
      id text collate "C" primary key,
      order_id text collate "C" not null references number_orders (id),
      notice_id text collate "C" not null unique,
      currency text collate "C" not null,
      amount_micros bigint not null check (amount_micros > 0),
      disposition text collate "C" not null check (disposition in ('accepted', 'refund-due', 'refunded')),
      reason text,
      recorded_at_ms bigint not null,
      refunded_at_ms bigint
    )
  `.execute(database);
  await sql`create unique index payments_one_accepted on payments (order_id) where disposition = 'accepted'`.execute(
    database,
  );
  await sql`create index payments_of_order on payments (order_id, id)`.execute(database);
  await sql`create index payments_by_disposition on payments (disposition, id)`.execute(database);
  await sql`
    create table number_blocks (
      kind text collate "C" not null,
      country_code text collate "C" not null,
      block text collate "C" not null,
      sold integer not null,
      primary key (kind, country_code, block)
    ) with (fillfactor = 50)
  `.execute(database);
}
