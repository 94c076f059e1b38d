import { type Kysely, sql } from 'kysely';
import { bookingOf, type Charge, laterEnd, WENT_ON } from '../../domain/billing/charging/index.ts';
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

/**
 * The same for the ends that the carrying process itself writes: where others had thought it dead and had charged the
 * call to its last proof of life, the call is charged to its end by another run.
 */
export async function keepEnds(transaction: Kysely<Database>, charges: readonly Charge[]): Promise<void> {
  const isNew = await keepCharges(transaction, charges);
  const known = charges.filter(({ id }) => !isNew.has(id));
  if (known.length === 0) return;
  const earlier = await transaction
    .selectFrom('charges')
    .select(['id', 'ended_at_ms'])
    .where(
      'id',
      'in',
      known.map(({ id }) => id),
    )
    .execute();
  const endOf = new Map(earlier.map((row) => [row.id, Number(row.ended_at_ms)]));
  const later = known.filter(({ id, endedAtMs }) => (endOf.get(id) ?? endedAtMs) < endedAtMs).map(laterEnd);
  const rerun = await keepCharges(transaction, later);
  const corrected = later.filter(({ id }) => rerun.has(id));
  if (corrected.length === 0) return;
  await transaction
    .insertInto('charge_corrections')
    .values(
      corrected.map(({ id, endedAtMs }) => ({
        charge_id: id,
        reason: WENT_ON,
        corrected_by: 'the service',
        at_ms: BigInt(endedAtMs),
      })),
    )
    .execute();
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
