import { type Kysely, sql } from 'kysely';

/**
 * What calls are charged. A charge is kept in the transaction that keeps the end of its call, and its money moves in
 * the same one: what was reserved is posted or freed, and only what is missing moves besides.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table call_records add column charging json`.execute(database);
  await sql`
    create table charges (
      id text collate "C" primary key,
      line bigint not null generated always as identity,
      call_id text collate "C" not null,
      leg text collate "C" not null,
      run integer not null check (run >= 1),
      kind text collate "C" not null check (kind in ('sale', 'cost', 'inbound')),
      account text collate "C" not null,
      paid_by text collate "C" not null check (paid_by in ('other', 'us')),
      number text collate "C" not null,
      tariff text collate "C" not null,
      version_id text collate "C",
      prefix text collate "C" not null,
      destination text not null,
      rate json not null,
      currency text collate "C" not null,
      micros bigint not null check (micros >= 0),
      billed_seconds integer not null,
      answered_at_ms bigint not null,
      ended_at_ms bigint not null,
      unique (call_id, leg, run)
    )
  `.execute(database);
  await sql`create unique index charges_by_line on charges (line)`.execute(database);
  await sql`create index charges_of_account on charges (account, ended_at_ms)`.execute(database);
  await sql`create index charges_by_end on charges (ended_at_ms)`.execute(database);
  await sql`
    create function charges_refuse() returns trigger language plpgsql as $$
    begin
      raise exception 'charges: they are never changed or removed' using errcode = 'OD002';
    end $$
  `.execute(database);
  await sql`
    create trigger charges_stay before update or delete or truncate on charges
    for each statement execute function charges_refuse()
  `.execute(database);
  // Brings what was moved for each subject to its amount. What a bounded account cannot bear is booked as
  // uncollected, so that the end of a call is never refused.
  await sql`
    create function ledger_settle(ids text[], subjects text[], debits text[], credits text[], currencies text[],
      amounts bigint[], purposes text[], at_ms bigint[]) returns void language plpgsql as $$
    declare
      settled record;
      held record;
      rest bigint;
      part bigint;
      available bigint;
    begin
      perform ledger_lock(
        debits || credits || array_fill('uncollected'::text, array[cardinality(ids)]),
        currencies || currencies || currencies);
      for settled in
        select asked.* from unnest(ids, subjects, debits, credits, currencies, amounts, purposes, at_ms)
          as asked (id, subject, debit, credit, currency, amount, purpose, at)
        order by asked.debit, asked.currency, asked.id
      loop
        select settled.amount - coalesce(sum(case when debit = settled.debit then micros
          when credit = settled.debit then -micros else 0 end), 0) into rest
        from ledger_lines where subject = settled.subject and kind in ('posted', 'post');
        for held in
          select * from ledger_pendings as kept where kept.subject = settled.subject order by kept.id for update
        loop
          part := greatest(0, least(rest, held.micros));
          insert into ledger_lines (id, kind, pending_id, debit, credit, currency, micros, purpose, subject, at_ms)
          values (held.id || case when part > 0 then '+' else '-' end, case when part > 0 then 'post' else 'void' end,
            held.id, held.debit, held.credit, held.currency, case when part > 0 then part else held.micros end,
            held.purpose, held.subject, settled.at);
          rest := rest - part;
        end loop;
        if rest < 0 then
          insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms)
          values (settled.id || '~', 'posted', settled.credit, settled.debit, settled.currency, -rest, 'correction',
            settled.subject, settled.at);
        elsif rest > 0 then
          -- Without a floor there is no bound.
          select coalesce(credits_micros - debits_micros - pending_micros - floor_micros, rest) into available
          from ledger_accounts where account = settled.debit and currency = settled.currency;
          part := greatest(0, least(rest, available));
          if part > 0 then
            insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms)
            values (settled.id || '=', 'posted', settled.debit, settled.credit, settled.currency, part,
              settled.purpose, settled.subject, settled.at);
          end if;
          if part < rest then
            insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms)
            values (settled.id || '!', 'posted', 'uncollected', settled.credit, settled.currency, rest - part,
              'write-off', settled.subject, settled.at);
          end if;
        end if;
      end loop;
    end $$
  `.execute(database);
}
