import type { Kysely } from 'kysely';
import type { ChargeStore } from '../../services/ports/index.ts';
import { chargeOf } from './charge-rows.ts';
import type { Database } from './database-tables.ts';
import { keepCharges } from './keep-charges.ts';

/** Charges in PostgreSQL, which refuses to change or remove them. */
export function createChargeStore(kysely: Kysely<Database>): ChargeStore {
  return {
    async ofCall(callId) {
      const rows = await kysely
        .selectFrom('charges')
        .selectAll()
        .where('call_id', '=', callId)
        .orderBy('line')
        .execute();
      return rows.map(chargeOf);
    },

    async list({ account, kind, endedFromMs, endedBeforeMs, before, limit }) {
      let query = kysely.selectFrom('charges').selectAll().orderBy('line', 'desc').limit(limit);
      if (account !== undefined) query = query.where('account', '=', account);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (endedFromMs !== undefined) query = query.where('ended_at_ms', '>=', BigInt(endedFromMs));
      if (endedBeforeMs !== undefined) query = query.where('ended_at_ms', '<', BigInt(endedBeforeMs));
      if (before !== undefined) query = query.where('line', '<', BigInt(before));
      return (await query.execute()).map(chargeOf);
    },

    async correct(charge) {
      const isNew = await kysely.transaction().execute((transaction) => keepCharges(transaction, [charge]));
      return isNew.size === 0 ? 'run-known' : 'kept';
    },
  };
}
