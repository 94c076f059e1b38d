import type { Kysely } from 'kysely';
import { balanceEvents } from '../../services/balance-events.ts';
import type { AdjustmentStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { insertEvents } from './insert-events.ts';
import { LedgerRefusal, writeEntries } from './write-ledger.ts';

/** Transfers made by hand, in PostgreSQL. */
export function createAdjustmentStore(kysely: Kysely<Database>): AdjustmentStore {
  return {
    async keep({ transfers, reason, userId }) {
      try {
        await kysely.transaction().execute(async (transaction) => {
          await insertEvents(transaction, balanceEvents(transfers));
          await writeEntries(transaction, transfers);
          await transaction
            .insertInto('ledger_adjustments')
            .values(transfers.map(({ id }) => ({ id, reason, user_id: userId })))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        });
        return 'written';
      } catch (thrown) {
        if (thrown instanceof LedgerRefusal) return thrown.write;
        throw thrown;
      }
    },
    async reasons(ids) {
      if (ids.length === 0) return new Map();
      const rows = await kysely
        .selectFrom('ledger_adjustments')
        .select(['id', 'reason'])
        .where('id', 'in', ids)
        .execute();
      return new Map(rows.map(({ id, reason }) => [id, reason]));
    },
  };
}
