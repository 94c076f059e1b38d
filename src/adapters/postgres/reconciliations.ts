import type { Kysely } from 'kysely';
import type { KeptReconciliation, ReconciliationStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { jsonWithAmounts, withAmounts } from './json-with-amounts.ts';

/** Reconciliations in PostgreSQL, a row each: they are read as a whole. */
export function createReconciliationStore(kysely: Kysely<Database>): ReconciliationStore {
  return {
    async keep(reconciliation) {
      const { id, settlementId, madeAtMs } = reconciliation;
      await kysely
        .insertInto('reconciliations')
        .values({
          id,
          settlement_id: settlementId,
          made_at_ms: BigInt(madeAtMs),
          document: jsonWithAmounts(reconciliation),
        })
        .execute();
    },

    async find(id) {
      const row = await kysely
        .selectFrom('reconciliations')
        .select('document')
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : withAmounts<KeptReconciliation>(row.document);
    },
  };
}
