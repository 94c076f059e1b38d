import { type Kysely, sql } from 'kysely';
import {
  type CallingTerms,
  readChargingSetUp,
  writeChargingSetUp,
} from '../../domain/billing/charging/index.ts';
import type { ChargingStore } from '../../services/ports/index.ts';
import { isReferred } from './constraint-violation.ts';
import type { Database } from './database-tables.ts';
import { jsonWithAmounts, withAmounts } from './json-with-amounts.ts';

const BATCH = 5_000;

/** How calls are charged, in PostgreSQL. */
export function createChargingStore(kysely: Kysely<Database>): ChargingStore {
  return {
    async load() {
      const { revision, body } = await kysely
        .selectFrom('charging_set_up')
        .selectAll()
        .executeTakeFirstOrThrow();
      const read = readChargingSetUp(body);
      if (!read.ok) throw new Error(`What is stored of charging cannot be read: ${read.refusal.detail}`);
      return { revision, setUp: read.value };
    },

    async change(revision, setUp) {
      const row = await kysely
        .updateTable('charging_set_up')
        .set({ revision: revision + 1n, body: JSON.stringify(writeChargingSetUp(setUp)) })
        .where('revision', '=', revision)
        .returning('revision')
        .executeTakeFirst();
      return row?.revision;
    },

    async termsOf(memberId) {
      const row = await kysely
        .selectFrom('calling_terms')
        .select('body')
        .where('member_id', '=', memberId)
        .executeTakeFirst();
      return row === undefined ? undefined : withAmounts<CallingTerms>(row.body);
    },

    async setTerms(memberId, terms) {
      try {
        await sql`
          insert into calling_terms (member_id, body) values (${memberId}, ${jsonWithAmounts(terms)})
          on conflict (member_id) do update set body = excluded.body
        `.execute(kysely);
        return true;
      } catch (error) {
        if (isReferred(error, 'calling_terms_member_id_fkey')) return false;
        throw error;
      }
    },

    async *allTerms() {
      let after = '';
      for (;;) {
        const rows = await kysely
          .selectFrom('calling_terms')
          .selectAll()
          .where('member_id', '>', after)
          .orderBy('member_id')
          .limit(BATCH)
          .execute();
        yield rows.map(({ member_id, body }) => ({
          memberId: member_id,
          terms: withAmounts<CallingTerms>(body),
        }));
        after = rows.at(-1)?.member_id ?? '';
        if (rows.length < BATCH) return;
      }
    },
  };
}
