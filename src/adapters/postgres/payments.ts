import type { Kysely } from 'kysely';
import type { PaymentStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { issueDocument } from './documents.ts';
import { keepPayments, moneyWriteOf, postLines } from './keep-payments.ts';
import { paymentOf, SUBJECT_COLUMNS } from './payment-rows.ts';

/** Money that arrived, in PostgreSQL. */
export function createPaymentStore(kysely: Kysely<Database>): PaymentStore {
  const payments = () => kysely.selectFrom('payments').selectAll();
  return {
    async keep(effects, documents = []) {
      try {
        await kysely.transaction().execute(async (transaction) => {
          await keepPayments(transaction, effects);
          await postLines(transaction, effects);
          for (const document of documents) await issueDocument(transaction, document);
        });
        return 'kept';
      } catch (thrown) {
        return moneyWriteOf(thrown);
      }
    },
    async find(id) {
      const row = await payments().where('id', '=', id).executeTakeFirst();
      return row && paymentOf(row);
    },
    async findByNotice(noticeId) {
      const row = await payments().where('notice_id', '=', noticeId).executeTakeFirst();
      return row && paymentOf(row);
    },
    async knownNotices(noticeIds) {
      if (noticeIds.length === 0) return [];
      const rows = await kysely
        .selectFrom('payments')
        .select('notice_id')
        .where('notice_id', 'in', noticeIds)
        .execute();
      return rows.map((row) => row.notice_id);
    },
    async list({ subject, disposition, before, limit }) {
      let query = payments().orderBy('id', 'desc').limit(limit);
      if (subject !== undefined) query = query.where(SUBJECT_COLUMNS[subject.kind], '=', subject.id);
      if (disposition !== undefined) query = query.where('disposition', '=', disposition);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(paymentOf);
    },
  };
}
