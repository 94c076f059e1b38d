import { type Kysely, sql } from 'kysely';

/** Receipts, invoices, credit notes and statements: numbered without gaps, one of a kind for a subject, for ever. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table document_series (
      seller text collate "C" not null,
      kind text collate "C" not null,
      year integer not null,
      last_place integer not null check (last_place >= 0),
      primary key (seller, kind, year)
    )
  `.execute(database);
  await sql`
    create table documents (
      id text collate "C" primary key,
      member_id text collate "C" references members (id),
      subject_kind text collate "C" not null,
      subject_id text collate "C" not null,
      seller text collate "C" not null,
      kind text collate "C" not null check (kind in ('receipt', 'invoice', 'credit-note', 'settlement-statement')),
      year integer not null,
      place integer not null check (place > 0),
      issued_at_ms bigint not null,
      currency text collate "C" not null,
      total_micros bigint not null,
      content json not null,
      foreign key (seller, kind, year) references document_series (seller, kind, year)
    )
  `.execute(database);
  await sql`create unique index documents_of_series on documents (seller, kind, year, place)`.execute(
    database,
  );
  await sql`
    create unique index documents_of_subject on documents (subject_kind, subject_id, kind)
  `.execute(database);
  await sql`create index documents_of_member on documents (member_id, id)`.execute(database);
  await sql`
    create function documents_stay() returns trigger language plpgsql as $$
    begin
      raise exception 'A document that was issued is never changed or removed.';
    end
    $$
  `.execute(database);
  await sql`
    create trigger documents_stay before update or delete or truncate on documents
    for each statement execute function documents_stay()
  `.execute(database);
}
