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
      missing record;
      available bigint;
      borne bigint;
    begin
      perform ledger_lock(debits || credits, currencies || currencies);
      for missing in
        with settled as (
          select asked.*, earlier.written_off, asked.amount - earlier.borne - earlier.written_off as rest
          from unnest(ids, subjects, debits, credits, currencies, amounts, purposes, at_ms)
            as asked (id, subject, debit, credit, currency, amount, purpose, at)
          cross join lateral (
            select
              coalesce(sum(case asked.debit when moved.debit then moved.micros
                when moved.credit then -moved.micros end), 0)::bigint as borne,
              coalesce(sum(case 'uncollected' when moved.debit then moved.micros
                when moved.credit then -moved.micros end), 0)::bigint as written_off
            from ledger_lines as moved
            where moved.subject = asked.subject and moved.kind in ('posted', 'post')) as earlier),
        held as (
          select pending.*, settled.at, greatest(0, least(pending.micros, settled.rest - (
            sum(pending.micros) over (partition by settled.id order by pending.id) - pending.micros)))::bigint as part,
            settled.id as settled_id
          from settled join ledger_pendings as pending on pending.subject = settled.subject),
        left_over as (
          select settled.*, settled.rest - coalesce(covered.part, 0)::bigint as remains,
            -- What was too much was not all borne: first, less is written off.
            greatest(0, least(settled.written_off, -settled.rest)) as collected,
            known.floor_micros is not null as is_bounded
          from settled
          left join (select settled_id, sum(part) as part from held group by settled_id) as covered
            on covered.settled_id = settled.id
          join ledger_accounts as known on known.account = settled.debit and known.currency = settled.currency),
        written as (
          insert into ledger_lines (id, kind, pending_id, debit, credit, currency, micros, purpose, subject, at_ms)
          select id || '+', 'post', id, debit, credit, currency, part, purpose, subject, at from held where part > 0
          union all
          select id || '-', 'void', id, debit, credit, currency, micros, purpose, subject, at from held where part = 0
          union all
          select id || '!', 'posted', null, credit, 'uncollected', currency, collected, 'correction', subject, at
          from left_over where collected > 0
          union all
          select id || '~', 'posted', null, credit, debit, currency, -remains - collected, 'correction', subject, at
          from left_over where remains + collected < 0
          union all
          select id || '=', 'posted', null, debit, credit, currency, remains, purpose, subject, at
          from left_over where remains > 0 and not is_bounded)
        select * from left_over where remains > 0 and is_bounded order by debit, currency, id
      loop
        -- What was kept back is free by now, so that what is available is what the member has.
        select credits_micros - debits_micros - pending_micros - floor_micros into available
        from ledger_accounts where account = missing.debit and currency = missing.currency;
        borne := greatest(0, least(missing.remains, available));
        if borne > 0 then
          insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms)
          values (missing.id || '=', 'posted', missing.debit, missing.credit, missing.currency, borne,
            missing.purpose, missing.subject, missing.at);
        end if;
        if borne < missing.remains then
          insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms)
          values (missing.id || '!', 'posted', 'uncollected', missing.credit, missing.currency,
            missing.remains - borne, 'write-off', missing.subject, missing.at);
        end if;
      end loop;
    end $$
  `.execute(database);
}
