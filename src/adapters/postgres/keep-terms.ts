import type { Transaction } from 'kysely';
import { QUARANTINE_MS } from '../../domain/market/index.ts';
import { firstTerm, stepTerm, type Term } from '../../domain/renewals/index.ts';
import type { Database } from './database-tables.ts';
import { termColumns, termOf } from './term-rows.ts';

/** Begins the years of a number that was bought. */
export async function beginTerm(
  transaction: Transaction<Database>,
  order: { readonly id: string; readonly memberId: string },
  paidAtMs: number,
  paidUntilMs: number,
): Promise<void> {
  const { id: orderId, memberId } = order;
  await transaction
    .insertInto('number_terms')
    .values(termColumns(firstTerm({ orderId, memberId, startedAtMs: paidAtMs }, paidUntilMs)))
    .execute();
}

/** Ends the years of a number that was given back: nothing is asked for them any more. */
export async function endTerm(
  transaction: Transaction<Database>,
  orderId: string,
  nowMs: number,
): Promise<void> {
  const row = await transaction
    .selectFrom('number_terms')
    .selectAll()
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return;
  const before = termOf(row);
  const stepped = stepTerm(before, { kind: 'given-back', nowMs }, QUARANTINE_MS);
  if (!stepped.ok) return;
  const [after, effects] = stepped.value;
  await updateTerm(transaction, before, after);
  for (const effect of effects) {
    if (effect.kind !== 'cancel-bill') continue;
    await transaction
      .updateTable('bills')
      .set({ state: 'cancelled', ended_at_ms: BigInt(nowMs) })
      .where('id', '=', effect.billId)
      .where('state', '=', 'open')
      .execute();
  }
}

/** Keeps a term that is still as it was read. @returns whether it was */
export async function updateTerm(
  transaction: Transaction<Database>,
  before: Term,
  after: Term,
): Promise<boolean> {
  const { order_id, ...columns } = termColumns(after);
  const kept = await transaction
    .updateTable('number_terms')
    .set(columns)
    .where('order_id', '=', order_id)
    .where('revision', '=', before.revision)
    .returning('order_id')
    .executeTakeFirst();
  return kept !== undefined;
}
