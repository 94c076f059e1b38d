import { type Kysely, type Selectable, sql } from 'kysely';
import type { Currency } from '../../domain/billing/index.ts';
import { type Balance, isBounded, type LedgerAccount } from '../../domain/billing/ledger/index.ts';
import type { LedgerLine, LedgerStore, Reservation } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { LedgerRefusal, refusalOf, writeEntries } from './write-ledger.ts';

const DAY_MS = 86_400_000;

/** The ledger in PostgreSQL, which keeps the accounts up to its lines and above their floors by itself. */
export function createLedgerStore(kysely: Kysely<Database>): LedgerStore {
  return {
    async write(entries) {
      try {
        await kysely.transaction().execute((transaction) => writeEntries(transaction, entries));
        return 'written';
      } catch (thrown) {
        if (thrown instanceof LedgerRefusal) return thrown.write;
        throw thrown;
      }
    },

    async reserve(requests) {
      if (requests.length === 0) return [];
      const { rows } = await sql<Judged>`
        select * from ledger_reserve(
          ${requests.map(({ id }) => id)}::text[],
          ${requests.map(({ debit }) => debit)}::text[],
          ${requests.map(({ credit }) => credit)}::text[],
          ${requests.map(({ currency }) => currency)}::text[],
          ${requests.map(({ micros }) => micros)}::bigint[],
          ${requests.map(({ purpose }) => purpose)}::text[],
          ${requests.map(({ subject }) => subject)}::text[],
          ${requests.map(({ atMs }) => atMs)}::bigint[],
          ${requests.map(({ expiresAtMs }) => expiresAtMs)}::bigint[],
          ${requests.map(({ holder }) => holder)}::text[],
          ${requests.map(({ dayLimitMicros }) => dayLimitMicros)}::bigint[],
          ${Math.floor(Math.max(...requests.map(({ atMs }) => atMs)) / DAY_MS)}::bigint)
      `.execute(kysely);
      const judged = new Map(rows.map((row) => [row.id, row]));
      return requests.map(({ id }) => reservationOf(judged.get(id)));
    },

    async balance(account, currency) {
      const row = await kysely
        .selectFrom('ledger_accounts')
        .selectAll()
        .where('account', '=', account)
        .where('currency', '=', currency)
        .executeTakeFirst();
      return row === undefined ? emptyBalance(account, currency) : balanceOf(row);
    },

    async balances({ prefix = '', after, limit }) {
      let query = kysely
        .selectFrom('ledger_accounts')
        .selectAll()
        .where(sql<boolean>`starts_with(account, ${prefix})`);
      if (after !== undefined)
        query = query.where(sql<boolean>`(account, currency) > (${after[0]}, ${after[1]})`);
      return (await query.orderBy('account').orderBy('currency').limit(limit).execute()).map(balanceOf);
    },

    async setFloor(account, currency, floorMicros) {
      try {
        await sql`
          insert into ledger_accounts (account, currency, floor_micros) values (${account}, ${currency}, ${floorMicros})
          on conflict (account, currency) do update set floor_micros = excluded.floor_micros
        `.execute(kysely);
        return true;
      } catch (error) {
        if (refusalOf(error)?.write === 'credit-exceeded') return false;
        throw error;
      }
    },

    async lines({ account, currency, subject, before, limit }) {
      let query = kysely.selectFrom('ledger_lines').selectAll().orderBy('line', 'desc').limit(limit);
      if (currency !== undefined) query = query.where('currency', '=', currency);
      if (subject !== undefined) query = query.where('subject', '=', subject);
      if (before !== undefined) query = query.where('line', '<', BigInt(before));
      if (account !== undefined) {
        query = query.where((where) =>
          where.or([where('debit', '=', account), where('credit', '=', account)]),
        );
      }
      return (await query.execute()).map(lineOf);
    },

    async expire(nowMs, limit) {
      const overdue = await kysely
        .selectFrom('ledger_pendings')
        .select('id')
        .where('expires_at_ms', '<=', BigInt(nowMs))
        .orderBy('expires_at_ms')
        .limit(limit)
        .execute();
      return endUnmoved(this, overdue, nowMs);
    },

    async freeAbandoned(nowMs) {
      const { rows } = await sql<{ readonly id: string }>`
        select id from ledger_pendings
        where holder is not null and not exists (select from processes where processes.id = holder)
      `.execute(kysely);
      return endUnmoved(this, rows, nowMs);
    },

    async audit() {
      return kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (transaction) => {
          const counts = await sql<{ readonly accounts: bigint; readonly lines: bigint }>`
            select (select count(*) from ledger_accounts) as accounts, (select count(*) from ledger_lines) as lines
          `.execute(transaction);
          const unbalanced = await sql<{ readonly currency: Currency; readonly micros: string }>`
            select currency, sum(credits_micros - debits_micros)::text as micros from ledger_accounts
            group by currency having sum(credits_micros - debits_micros) <> 0 order by currency
          `.execute(transaction);
          const deviating = await deviatingAccounts.execute(transaction);
          return {
            accounts: Number(counts.rows[0]?.accounts ?? 0n),
            lines: Number(counts.rows[0]?.lines ?? 0n),
            unbalanced: unbalanced.rows.map(({ currency, micros }) => ({ currency, micros: BigInt(micros) })),
            deviating: deviating.rows,
          };
        });
    },
  };
}

/** Ends pending transfers with nothing moved; whoever ends one meanwhile is right. @returns how many */
async function endUnmoved(
  ledger: Pick<LedgerStore, 'write'>,
  pendings: readonly { readonly id: string }[],
  nowMs: number,
): Promise<number> {
  let ended = 0;
  for (const { id } of pendings) {
    const write = await ledger.write([{ kind: 'void', id: `${id}-`, pendingId: id, atMs: nowMs }]);
    if (write === 'written') ended += 1;
  }
  return ended;
}

/** Accounts that are not what their lines add up to. */
const deviatingAccounts = sql<{ readonly account: LedgerAccount; readonly currency: Currency }>`
  with movements as (
    select debit as account, currency, micros as debits, 0 as credits, 0 as pending
    from ledger_lines where kind in ('posted', 'post')
    union all select credit, currency, 0, micros, 0 from ledger_lines where kind in ('posted', 'post')
    union all select debit, currency, 0, 0, micros from ledger_lines as begun where kind = 'pending'
      and not exists (select from ledger_lines as ended where ended.pending_id = begun.id)),
  sums as (
    select account, currency, sum(debits) as debits, sum(credits) as credits, sum(pending) as pending
    from movements group by account, currency)
  select coalesce(kept.account, sums.account) as account, coalesce(kept.currency, sums.currency) as currency
  from ledger_accounts as kept full join sums on kept.account = sums.account and kept.currency = sums.currency
  where coalesce(kept.debits_micros, -1) <> coalesce(sums.debits, 0)
    or coalesce(kept.credits_micros, -1) <> coalesce(sums.credits, 0)
    or coalesce(kept.pending_micros, -1) <> coalesce(sums.pending, 0)
  order by 1, 2 limit 100
`;

/** What became of one that was new. */
type Judged = {
  readonly id: string;
  readonly fits: boolean;
  readonly is_day_limit: boolean;
  readonly available_micros: bigint | null;
  readonly spent_micros: bigint;
};

function reservationOf(judged: Judged | undefined): Reservation {
  if (judged === undefined) return { kind: 'reserved' };
  const { fits, is_day_limit, available_micros, spent_micros } = judged;
  if (!fits) {
    const why = is_day_limit ? 'day-limit' : 'credit';
    return { kind: 'exceeded', availableMicros: available_micros ?? 0n, why };
  }
  const bound = available_micros === null ? {} : { availableMicros: available_micros };
  return { kind: 'reserved', after: { ...bound, spentTodayMicros: spent_micros } };
}

function emptyBalance(account: LedgerAccount, currency: Currency): Balance {
  const floor = isBounded(account) ? { floorMicros: 0n } : {};
  return { account, currency, debitsMicros: 0n, creditsMicros: 0n, pendingMicros: 0n, ...floor };
}

function balanceOf(row: Selectable<LedgerTables['ledger_accounts']>): Balance {
  return {
    account: row.account,
    currency: row.currency,
    debitsMicros: row.debits_micros,
    creditsMicros: row.credits_micros,
    pendingMicros: row.pending_micros,
    ...(row.floor_micros === null ? {} : { floorMicros: row.floor_micros }),
  };
}

function lineOf(row: Omit<LedgerTables['ledger_lines'], 'line'> & { readonly line: bigint }): LedgerLine {
  return {
    id: row.id,
    line: Number(row.line),
    kind: row.kind,
    debit: row.debit,
    credit: row.credit,
    currency: row.currency,
    micros: row.micros,
    purpose: row.purpose,
    subject: row.subject,
    atMs: Number(row.at_ms),
    ...(row.pending_id === null ? {} : { pendingId: row.pending_id }),
    ...(row.expires_at_ms === null ? {} : { expiresAtMs: Number(row.expires_at_ms) }),
    ...(row.exchange_rate_picos === null ? {} : { exchangeRatePicos: row.exchange_rate_picos }),
  };
}
