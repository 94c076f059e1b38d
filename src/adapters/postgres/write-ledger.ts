import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { LedgerEntry } from '../../domain/billing/ledger/index.ts';
import type { LedgerWrite } from '../../services/ports/index.ts';
import { isTaken } from './constraint-violation.ts';
import type { Database } from './database-tables.ts';

/** Entries that the ledger does not take; thrown so that the transaction around them is undone. */
export class LedgerRefusal extends Error {
  readonly write: Exclude<LedgerWrite, 'written'>;

  constructor(write: Exclude<LedgerWrite, 'written'>) {
    super(`The ledger refuses: ${write}`);
    this.write = write;
  }
}

/**
 * Writes entries within somebody's transaction; those whose ids are known are not written twice.
 * @throws LedgerRefusal: whoever has the transaction has to undo it
 */
export async function writeEntries(
  transaction: Kysely<Database>,
  entries: readonly LedgerEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await lockForEnds(transaction, entries);
  const written = await insertLines(transaction, entries).catch((error: unknown) => {
    throw refusalOf(error) ?? error;
  });
  if (written.length === entries.length) return;
  const isNew = new Set(written);
  const known = entries.filter(({ id }) => !isNew.has(id));
  const lines = await transaction
    .selectFrom('ledger_lines')
    .selectAll()
    .where(
      'id',
      'in',
      known.map(({ id }) => id),
    )
    .execute();
  for (const entry of known) {
    const line = lines.find(({ id }) => id === entry.id);
    const isSame =
      line !== undefined &&
      line.kind === entry.kind &&
      (!('micros' in entry) || line.micros === entry.micros) &&
      (!('debit' in entry) ||
        (line.debit === entry.debit && line.credit === entry.credit && line.currency === entry.currency)) &&
      (!('pendingId' in entry) || line.pending_id === entry.pendingId);
    if (!isSame) throw new LedgerRefusal('id-reused');
  }
}

/**
 * Whoever settles a call has its accounts before it ends what is pending. An end that had its line before the accounts
 * would wait for the settlement, while that waits for the line.
 */
async function lockForEnds(transaction: Kysely<Database>, entries: readonly LedgerEntry[]): Promise<void> {
  const pendingIds = entries.map((entry) => ('pendingId' in entry ? entry.pendingId : undefined));
  if (pendingIds.every((id) => id === undefined)) return;
  await sql`
    with entry as (
      select * from unnest(
        ${entries.map(({ kind }) => kind)}::text[],
        ${pendingIds}::text[],
        ${entries.map((entry) => ('debit' in entry ? entry.debit : undefined))}::text[],
        ${entries.map((entry) => ('debit' in entry ? entry.credit : undefined))}::text[],
        ${entries.map((entry) => ('debit' in entry ? entry.currency : undefined))}::text[])
        as entry (kind, pending_id, debit, credit, currency)),
    moved as (
      select entry.kind, coalesce(entry.debit, pending.debit) as debit, coalesce(entry.credit, pending.credit) as credit,
        coalesce(entry.currency, pending.currency) as currency
      from entry left join ledger_pendings as pending on pending.id = entry.pending_id),
    touched as (
      select debit as account, currency from moved where debit is not null
      union
      select credit, currency from moved where credit is not null and kind in ('posted', 'post'))
    select ledger_lock(array_agg(account), array_agg(currency)) from touched
  `.execute(transaction);
}

async function insertLines(
  transaction: Kysely<Database>,
  entries: readonly LedgerEntry[],
): Promise<readonly string[]> {
  const movements = entries.map((entry) => ('debit' in entry ? entry : undefined));
  const { rows } = await sql<{ readonly id: string }>`
    insert into ledger_lines (id, kind, pending_id, debit, credit, currency, micros, purpose, subject, at_ms,
      expires_at_ms, exchange_rate_picos, holder)
    select entry.id, entry.kind, entry.pending_id, coalesce(entry.debit, pending.debit),
      coalesce(entry.credit, pending.credit), coalesce(entry.currency, pending.currency),
      coalesce(entry.micros, pending.micros), coalesce(entry.purpose, pending.purpose),
      coalesce(entry.subject, pending.subject), entry.at_ms, entry.expires_at_ms, entry.picos, entry.holder
    from unnest(
      ${entries.map(({ id }) => id)}::text[],
      ${entries.map(({ kind }) => kind)}::text[],
      ${entries.map((entry) => ('pendingId' in entry ? entry.pendingId : undefined))}::text[],
      ${movements.map((entry) => entry?.debit)}::text[],
      ${movements.map((entry) => entry?.credit)}::text[],
      ${movements.map((entry) => entry?.currency)}::text[],
      ${entries.map((entry) => ('micros' in entry ? entry.micros : undefined))}::bigint[],
      ${movements.map((entry) => entry?.purpose)}::text[],
      ${movements.map((entry) => entry?.subject)}::text[],
      ${entries.map(({ atMs }) => atMs)}::bigint[],
      ${entries.map((entry) => (entry.kind === 'pending' ? entry.expiresAtMs : undefined))}::bigint[],
      ${movements.map((entry) => entry?.exchangeRatePicos)}::bigint[],
      ${entries.map((entry) => (entry.kind === 'pending' ? entry.holder : undefined))}::text[])
      with ordinality as entry (id, kind, pending_id, debit, credit, currency, micros, purpose, subject, at_ms,
        expires_at_ms, picos, holder, place)
    left join ledger_lines as pending on pending.id = entry.pending_id
    order by coalesce(entry.pending_id, ''), entry.place
    on conflict (id) do nothing
    returning id
  `.execute(transaction);
  return rows.map(({ id }) => id);
}

/** What an error of the database says in the ledger's words. */
export function refusalOf(error: unknown): LedgerRefusal | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined;
  if (error.constraint === 'ledger_accounts_floor') return new LedgerRefusal('credit-exceeded');
  const isEnded = isTaken(error) && error.constraint === 'ledger_lines_one_end';
  // The end of a transfer that never was has no accounts.
  const isUnknown = error.code === '23502' && error.table === 'ledger_lines';
  return isEnded || isUnknown || error.code === 'OD001' ? new LedgerRefusal('not-pending') : undefined;
}
