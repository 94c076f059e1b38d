import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table aliases (
      id text collate "C" primary key,
      member_id text collate "C" not null references members (id),
      kind text collate "C" not null check (kind in ('pstn', 'operator', 'email', 'domain')),
      value text collate "C" not null,
      operator_id text collate "C" not null check ((kind = 'operator') = (operator_id <> '')),
      fallback_country_code text collate "C",
      record_token text collate "C",
      claimed_at_ms bigint not null,
      proof json not null,
      -- Set while it leads to the member.
      proven_at_ms bigint,
      check_at_ms bigint,
      version integer not null
    )
  `.execute(database);
  await sql`
    create unique index aliases_of_member on aliases (member_id, kind, value, operator_id)
  `.execute(database);
  // Many may claim a name; one has proven it.
  await sql`
    create unique index aliases_proven on aliases (kind, value, operator_id) where proven_at_ms is not null
  `.execute(database);
  await sql`
    create index aliases_in_order_of_proof on aliases (proven_at_ms, id) where proven_at_ms is not null
  `.execute(database);
  await sql`
    create index aliases_to_check on aliases (check_at_ms) where check_at_ms is not null
  `.execute(database);
  await sql`
    create table alias_sendings (
      member_id text collate "C" not null,
      kind text collate "C" not null,
      value text collate "C" not null,
      operator_id text collate "C" not null,
      sent_at_ms bigint not null
    )
  `.execute(database);
  await sql`
    create index alias_sendings_to_name on alias_sendings (kind, value, operator_id, sent_at_ms)
  `.execute(database);
  await sql`
    create index alias_sendings_by_member on alias_sendings (member_id, kind, sent_at_ms)
  `.execute(database);
  await sql`
    create table follow_mes (
      member_id text collate "C" primary key references members (id),
      number text collate "C" not null,
      mode text collate "C" not null check (mode in ('with', 'after')),
      after_ms integer not null
    )
  `.execute(database);
}
