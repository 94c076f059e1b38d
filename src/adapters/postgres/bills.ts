import type { Kysely, Transaction } from 'kysely';
import type { Bill } from '../../domain/billing/bills/index.ts';
import type { BillStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { issueDocument } from './documents.ts';
import { keepPayments, moneyWriteOf, postLines } from './keep-payments.ts';
import { billColumns, billOf } from './payment-rows.ts';

/** Leaves the transaction without a trace. */
class BillChanged extends Error {}

/** What members are asked to pay, in PostgreSQL. */
export function createBillStore(kysely: Kysely<Database>): BillStore {
  const bills = () => kysely.selectFrom('bills').selectAll();
  return {
    async keep(before, after, effects, documents = []) {
      try {
        await kysely.transaction().execute(async (transaction) => {
          if (!(await keepBill(transaction, before, after))) throw new BillChanged();
          await keepPayments(transaction, effects);
          await postLines(transaction, effects);
          for (const document of documents) await issueDocument(transaction, document);
        });
        return 'kept';
      } catch (thrown) {
        return thrown instanceof BillChanged ? 'bill-changed' : moneyWriteOf(thrown);
      }
    },
    async find(id) {
      const row = await bills().where('id', '=', id).executeTakeFirst();
      return row && billOf(row);
    },
    async findByPaymentReference(reference) {
      const row = await bills().where('payment_reference', '=', reference).executeTakeFirst();
      return row && billOf(row);
    },
    async list({ memberId, state, before, limit }) {
      let query = bills().orderBy('id', 'desc').limit(limit);
      if (memberId !== undefined) query = query.where('member_id', '=', memberId);
      if (state !== undefined) query = query.where('state', '=', state);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(billOf);
    },
    async overdue(nowMs, limit) {
      const late = bills().where('state', '=', 'open').where('expires_at_ms', '<=', BigInt(nowMs));
      return (await late.orderBy('expires_at_ms').limit(limit).execute()).map(billOf);
    },
    async lastInvoice(memberId, currency) {
      const invoices = bills()
        .where('member_id', '=', memberId)
        .where('currency', '=', currency)
        .where('kind', '=', 'invoice')
        .where('period_from_ms', 'is not', null);
      const row = await invoices.orderBy('period_from_ms', 'desc').limit(1).executeTakeFirst();
      return row && billOf(row);
    },
    async openOf({ currency, micros }, limit) {
      const open = bills().where('state', '=', 'open').where('currency', '=', currency);
      return (await open.where('amount_micros', '=', micros).orderBy('id').limit(limit).execute()).map(
        billOf,
      );
    },
  };
}

/** Keeps a bill that is still in the state it was read in, or is new. @returns whether it was */
export async function keepBill(
  transaction: Transaction<Database>,
  before: Bill | undefined,
  after: Bill,
): Promise<boolean> {
  const { id, ...columns } = billColumns(after);
  if (before === undefined) {
    // Of invoices there is one a month: whoever comes second finds it.
    const inserted = await transaction
      .insertInto('bills')
      .values({ id, ...columns })
      .onConflict((conflict) =>
        conflict
          .columns(['member_id', 'currency', 'period_from_ms'])
          .where('kind', '=', 'invoice')
          .where('period_from_ms', 'is not', null)
          .doNothing(),
      )
      .returning('id')
      .executeTakeFirst();
    return inserted !== undefined;
  }
  const query = transaction.updateTable('bills').set(columns).where('id', '=', id);
  const kept = query.where('state', '=', before.state).returning('id');
  return (await kept.executeTakeFirst()) !== undefined;
}
