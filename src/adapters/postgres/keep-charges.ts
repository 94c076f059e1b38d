import { type Kysely, sql } from 'kysely';
import { bookingOf, type Charge } from '../../domain/billing/charging/index.ts';
import { rateJson } from './charge-rows.ts';
import type { Database } from './database-tables.ts';

/**
 * Keeps charges within the transaction that keeps the end of their calls, and moves their money; those that are kept
 * already are left as they are, so that an end that is written twice is charged once.
 * @returns the ids of those that were new
 */
export async function keepCharges(
  transaction: Kysely<Database>,
  charges: readonly Charge[],
): Promise<ReadonlySet<string>> {
  if (charges.length === 0) return new Set();
  const { rows } = await sql<{ readonly id: string }>`
    insert into charges (id, call_id, leg, run, kind, account, paid_by, number, tariff, version_id, prefix,
      destination, rate, currency, micros, billed_seconds, answered_at_ms, ended_at_ms)
    select * from unnest(
      ${charges.map(({ id }) => id)}::text[],
      ${charges.map(({ callId }) => callId)}::text[],
      ${charges.map(({ leg }) => leg)}::text[],
      ${charges.map(({ run }) => run)}::integer[],
      ${charges.map(({ kind }) => kind)}::text[],
      ${charges.map(({ account }) => account)}::text[],
      ${charges.map(({ paidBy }) => paidBy)}::text[],
      ${charges.map(({ number }) => number)}::text[],
      ${charges.map(({ tariff }) => tariff)}::text[],
      ${charges.map(({ versionId }) => versionId)}::text[],
      ${charges.map(({ prefix }) => prefix)}::text[],
      ${charges.map(({ destination }) => destination)}::text[],
      ${charges.map(({ rate }) => JSON.stringify(rateJson(rate)))}::text[]::json[],
      ${charges.map(({ currency }) => currency)}::text[],
      ${charges.map(({ micros }) => micros)}::bigint[],
      ${charges.map((charge) => charge.billedSeconds)}::integer[],
      ${charges.map(({ answeredAtMs }) => answeredAtMs)}::bigint[],
      ${charges.map(({ endedAtMs }) => endedAtMs)}::bigint[])
    on conflict do nothing
    returning id
  `.execute(transaction);
  const isNew = new Set(rows.map(({ id }) => id));
  await settle(
    transaction,
    charges.filter(({ id }) => isNew.has(id)),
  );
  return isNew;
}

/** What was moved for a leg becomes what its charge says. */
async function settle(transaction: Kysely<Database>, charges: readonly Charge[]): Promise<void> {
  if (charges.length === 0) return;
  const bookings = charges.map((charge) => bookingOf(charge, charge.callId));
  await sql`
    select ledger_settle(
      ${charges.map(({ id }) => id)}::text[],
      ${bookings.map(({ subject }) => subject)}::text[],
      ${bookings.map(({ debit }) => debit)}::text[],
      ${bookings.map(({ credit }) => credit)}::text[],
      ${charges.map(({ currency }) => currency)}::text[],
      ${charges.map(({ micros }) => micros)}::bigint[],
      ${bookings.map(({ purpose }) => purpose)}::text[],
      ${charges.map(({ endedAtMs }) => endedAtMs)}::bigint[])
  `.execute(transaction);
}
