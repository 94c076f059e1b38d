import { type Kysely, sql } from 'kysely';

/** The months whose calls were counted for tax (R23). */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table call_tax_months (
      from_ms bigint primary key,
      until_ms bigint not null check (until_ms > from_ms),
      name text collate "C" not null,
      cut_line bigint not null,
      rate_per_million integer not null check (rate_per_million >= 0),
      counted_at_ms bigint not null
    )
  `.execute(database);
  await sql`
    create table call_taxes (
      from_ms bigint references call_tax_months (from_ms),
      currency text collate "C",
      gross_micros bigint not null,
      tax_micros bigint not null,
      primary key (from_ms, currency)
    )
  `.execute(database);
}
