import { type Kysely, sql } from 'kysely';

/**
 * The ledger. Lines are only ever added, and a trigger brings the accounts up to them in the same statement, whoever
 * adds them: an account cannot differ from its lines, nor fall below its floor, whatever a program does.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger_accounts (
      account text collate "C" not null,
      currency text collate "C" not null,
      debits_micros bigint not null default 0,
      credits_micros bigint not null default 0,
      pending_micros bigint not null default 0 check (pending_micros >= 0),
      floor_micros bigint,
      -- The day (of UTC, since 1970) of the last reservation, and what was debited before it or not for calls.
      day bigint not null default 0,
      day_debits_micros bigint not null default 0,
      primary key (account, currency),
      constraint ledger_accounts_floor
        check (floor_micros is null or credits_micros - debits_micros - pending_micros >= floor_micros)
    ) with (fillfactor = 50)
  `.execute(database);
  await sql`
    create table ledger_lines (
      id text collate "C" primary key,
      line bigint not null generated always as identity,
      kind text collate "C" not null check (kind in ('posted', 'pending', 'post', 'void')),
      pending_id text collate "C",
      debit text collate "C" not null,
      credit text collate "C" not null,
      currency text collate "C" not null,
      micros bigint not null check (micros > 0),
      purpose text collate "C" not null,
      subject text collate "C" not null,
      at_ms bigint not null,
      expires_at_ms bigint,
      exchange_rate_picos bigint,
      holder text collate "C",
      check (debit <> credit),
      check ((kind in ('post', 'void')) = (pending_id is not null)),
      check ((kind = 'pending') = (expires_at_ms is not null))
    )
  `.execute(database);
  await sql`create unique index ledger_lines_by_line on ledger_lines (line)`.execute(database);
  await sql`create index ledger_lines_of_debit on ledger_lines (debit, line)`.execute(database);
  await sql`create index ledger_lines_of_credit on ledger_lines (credit, line)`.execute(database);
  await sql`create index ledger_lines_of_subject on ledger_lines (subject, line)`.execute(database);
  // A pending transfer has one end.
  await sql`
    create unique index ledger_lines_one_end on ledger_lines (pending_id) where pending_id is not null
  `.execute(database);
  await sql`
    create table ledger_pendings (
      id text collate "C" primary key,
      debit text collate "C" not null,
      credit text collate "C" not null,
      currency text collate "C" not null,
      micros bigint not null,
      purpose text collate "C" not null,
      subject text collate "C" not null,
      expires_at_ms bigint not null,
      holder text collate "C"
    ) with (fillfactor = 70)
  `.execute(database);
  await sql`create index ledger_pendings_of_subject on ledger_pendings (subject)`.execute(database);
  await sql`create index ledger_pendings_by_expiry on ledger_pendings (expires_at_ms)`.execute(database);
  await createFunctions(database);
}

async function createFunctions(database: Kysely<unknown>): Promise<void> {
  // Accounts are made and locked in the order of their names, so that no two writers wait for each other in a circle.
  await sql`
    create function ledger_lock(accounts text[], currencies text[]) returns void language plpgsql as $$
    begin
      insert into ledger_accounts (account, currency, floor_micros)
      select distinct account, currency, case when account like 'member/%' then 0::bigint end
      from unnest(accounts, currencies) as wanted (account, currency)
      where not exists (select from ledger_accounts as known
        where known.account = wanted.account and known.currency = wanted.currency)
      order by account, currency
      on conflict do nothing;
      perform from ledger_accounts
      where (account, currency) in (select * from unnest(accounts, currencies))
      order by account, currency for no key update;
    end $$
  `.execute(database);
  await sql`
    create function ledger_apply() returns trigger language plpgsql as $$
    declare
      accounts text[];
      currencies text[];
    begin
      if not exists (select from fresh) then return null; end if;
      if exists (
        select from fresh left join ledger_pendings as pending on pending.id = fresh.pending_id
        where fresh.pending_id is not null and (pending.id is null or fresh.micros > pending.micros
          or (fresh.debit, fresh.credit, fresh.currency) <> (pending.debit, pending.credit, pending.currency)))
      then
        raise exception 'ledger: not pending' using errcode = 'OD001';
      end if;
      select array_agg(moved.account), array_agg(moved.currency) into accounts, currencies
      from (select debit, currency from fresh
        union select credit, currency from fresh where kind in ('posted', 'post')) as moved (account, currency);
      perform ledger_lock(accounts, currencies);
      update ledger_accounts set
        debits_micros = debits_micros + change.debits,
        credits_micros = credits_micros + change.credits,
        pending_micros = pending_micros + change.pending,
        day_debits_micros = day_debits_micros + change.not_of_calls
      from (
        select account, currency, sum(debits)::bigint as debits, sum(credits)::bigint as credits,
          sum(pending)::bigint as pending, sum(case when purpose = 'call' then 0 else debits end)::bigint as not_of_calls
        from (
          select fresh.debit, fresh.currency, fresh.purpose,
            case when fresh.kind in ('posted', 'post') then fresh.micros else 0 end, 0,
            case when fresh.kind = 'pending' then fresh.micros
              when fresh.kind in ('post', 'void') then -pending.micros else 0 end
          from fresh left join ledger_pendings as pending on pending.id = fresh.pending_id
          union all
          select credit, currency, purpose, 0, micros, 0 from fresh where kind in ('posted', 'post')
        ) as movement (account, currency, purpose, debits, credits, pending)
        group by account, currency) as change
      where ledger_accounts.account = change.account and ledger_accounts.currency = change.currency;
      insert into ledger_pendings (id, debit, credit, currency, micros, purpose, subject, expires_at_ms, holder)
      select id, debit, credit, currency, micros, purpose, subject, expires_at_ms, holder from fresh
      where kind = 'pending';
      delete from ledger_pendings using fresh where ledger_pendings.id = fresh.pending_id;
      return null;
    end $$
  `.execute(database);
  await sql`
    create trigger ledger_lines_apply after insert on ledger_lines
    referencing new table as fresh for each statement execute function ledger_apply()
  `.execute(database);
  await sql`
    create function ledger_refuse() returns trigger language plpgsql as $$
    begin
      raise exception 'ledger: lines are never changed or removed' using errcode = 'OD002';
    end $$
  `.execute(database);
  await sql`
    create trigger ledger_lines_stay before update or delete or truncate on ledger_lines
    for each statement execute function ledger_refuse()
  `.execute(database);
  // Requests for one account are judged one after the other, each by what those before it left.
  await sql`
    create function ledger_reserve(ids text[], debits text[], credits text[], currencies text[], amounts bigint[],
      purposes text[], subjects text[], at_ms bigint[], expiries bigint[], holders text[], day_limits bigint[],
      today bigint)
    returns table (id text, fits boolean, is_day_limit boolean, available_micros bigint, spent_micros bigint)
    language plpgsql as $$
    declare
      request record;
      standing record;
      fitting text[] := '{}';
      taken bigint := 0;
      last_account text := '';
      last_currency text := '';
    begin
      perform ledger_lock(debits, currencies);
      update ledger_accounts set day = today, day_debits_micros = debits_micros
      where (account, currency) in (select * from unnest(debits, currencies)) and day < today;
      for request in
        select asked.* from unnest(ids, debits, currencies, amounts, day_limits) with ordinality
          as asked (id, debit, currency, amount, day_limit, place)
        order by asked.debit, asked.currency, asked.place
      loop
        if exists (select from ledger_lines where ledger_lines.id = request.id) then continue; end if;
        if (request.debit, request.currency) <> (last_account, last_currency) then
          select * into standing from ledger_accounts as known
          where known.account = request.debit and known.currency = request.currency;
          taken := 0;
          last_account := request.debit;
          last_currency := request.currency;
        end if;
        id := request.id;
        available_micros := standing.credits_micros - standing.debits_micros - standing.pending_micros
          - standing.floor_micros - taken;
        spent_micros := standing.debits_micros - standing.day_debits_micros + standing.pending_micros + taken;
        is_day_limit := coalesce(request.day_limit - spent_micros < available_micros, false)
          or (available_micros is null and request.day_limit is not null);
        if is_day_limit then available_micros := request.day_limit - spent_micros; end if;
        fits := coalesce(available_micros >= request.amount, true);
        if fits then
          fitting := fitting || request.id;
          taken := taken + request.amount;
          available_micros := available_micros - request.amount;
          spent_micros := spent_micros + request.amount;
        end if;
        return next;
      end loop;
      insert into ledger_lines (id, kind, debit, credit, currency, micros, purpose, subject, at_ms, expires_at_ms,
        holder)
      select distinct on (asked.id) asked.id, 'pending', asked.debit, asked.credit, asked.currency, asked.amount,
        asked.purpose, asked.subject, asked.at, asked.expiry, asked.holder
      from unnest(ids, debits, credits, currencies, amounts, purposes, subjects, at_ms, expiries, holders)
        as asked (id, debit, credit, currency, amount, purpose, subject, at, expiry, holder)
      where asked.id = any (fitting);
    end $$
  `.execute(database);
}
