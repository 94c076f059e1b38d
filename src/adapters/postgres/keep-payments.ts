import type { Transaction } from 'kysely';
import type { MoneyEffect, Payment } from '../../domain/billing/payments/index.ts';
import { balanceEvents } from '../../services/balance-events.ts';
import type { MoneyWrite } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { insertEvents } from './insert-events.ts';
import { paymentColumns } from './payment-rows.ts';
import { LedgerRefusal, writeEntries } from './write-ledger.ts';

/** Undoes a transaction, and says why the money in it was not recorded. */
class MoneyNotKept extends Error {
  readonly write: MoneyWrite;

  constructor(write: MoneyWrite) {
    super(write);
    this.write = write;
  }
}

/** Which effects of an order or a bill are about money. */
export function isOfMoney(effect: { readonly kind: string }): effect is MoneyEffect {
  return ['record-payment', 'update-payment', 'post'].includes(effect.kind);
}

/**
 * Records and changes payments within a transaction.
 * @throws what `moneyWriteOf` tells apart: whoever has the transaction has to undo it
 */
export async function keepPayments(
  transaction: Transaction<Database>,
  effects: readonly MoneyEffect[],
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === 'record-payment') await record(transaction, effect.payment);
    if (effect.kind === 'update-payment') await change(transaction, effect);
  }
}

/**
 * Posts the lines that belong to payments, and tells of credit that they change: at the end of a transaction, since
 * sales wait for each other from here.
 */
export async function postLines(
  transaction: Transaction<Database>,
  effects: readonly MoneyEffect[],
): Promise<void> {
  const entries = effects.flatMap((effect) => (effect.kind === 'post' ? effect.entries : []));
  await insertEvents(transaction, balanceEvents(entries));
  await writeEntries(transaction, entries);
}

/** What came of a transaction that was undone. @throws what it cannot tell */
export function moneyWriteOf(thrown: unknown): MoneyWrite {
  if (thrown instanceof MoneyNotKept) return thrown.write;
  if (thrown instanceof LedgerRefusal && thrown.write === 'credit-exceeded') return 'credit-exceeded';
  throw thrown;
}

async function record(transaction: Transaction<Database>, payment: Payment): Promise<void> {
  const recorded = await transaction
    .insertInto('payments')
    .values(paymentColumns(payment))
    .onConflict((conflict) => conflict.column('notice_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (recorded === undefined) throw new MoneyNotKept('notice-known');
}

async function change(
  transaction: Transaction<Database>,
  { payment, from }: Extract<MoneyEffect, { readonly kind: 'update-payment' }>,
): Promise<void> {
  const { id, ...columns } = paymentColumns(payment);
  const changed = await transaction
    .updateTable('payments')
    .set(columns)
    .where('id', '=', id)
    .where('disposition', '=', from)
    .returning('id')
    .executeTakeFirst();
  if (changed === undefined) throw new MoneyNotKept('payment-changed');
}
