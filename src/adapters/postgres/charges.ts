import { type Kysely, sql } from 'kysely';
import type { ChargeStore } from '../../services/ports/index.ts';
import { chargeOf } from './charge-rows.ts';
import type { Database } from './database-tables.ts';
import { keepCharges } from './keep-charges.ts';
import { marginLines } from './margins.ts';

/** Charges in PostgreSQL, which refuses to change or remove them. */
export function createChargeStore(kysely: Kysely<Database>): ChargeStore {
  return {
    async ofCall(callId) {
      const rows = await withCorrections(kysely).where('call_id', '=', callId).orderBy('line').execute();
      return rows.map(chargeOf);
    },

    async find(id) {
      const row = await withCorrections(kysely).where('charges.id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : chargeOf(row);
    },

    async list({ account, kind, numberPrefix, endedFromMs, endedBeforeMs, before, limit }) {
      let query = withCorrections(kysely).orderBy('line', 'desc').limit(limit);
      if (account !== undefined) query = query.where('account', '=', account);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (numberPrefix !== undefined) query = query.where(sql<boolean>`starts_with(number, ${numberPrefix})`);
      if (endedFromMs !== undefined) query = query.where('ended_at_ms', '>=', BigInt(endedFromMs));
      if (endedBeforeMs !== undefined) query = query.where('ended_at_ms', '<', BigInt(endedBeforeMs));
      if (before !== undefined) query = query.where('line', '<', BigInt(before));
      return (await query.execute()).map(chargeOf);
    },

    async margins(filter) {
      return marginLines(kysely, filter);
    },

    async correct(charge, { reason, by, atMs }) {
      return kysely.transaction().execute(async (transaction) => {
        const isNew = await keepCharges(transaction, [charge]);
        if (isNew.size === 0) return 'run-known';
        const about = { charge_id: charge.id, reason, corrected_by: by, at_ms: BigInt(atMs) };
        await transaction.insertInto('charge_corrections').values(about).execute();
        return 'kept';
      });
    },
  };
}

function withCorrections(kysely: Kysely<Database>) {
  return kysely
    .selectFrom('charges')
    .leftJoin('charge_corrections', 'charge_corrections.charge_id', 'charges.id')
    .selectAll('charges')
    .select(['reason', 'corrected_by', 'at_ms']);
}
