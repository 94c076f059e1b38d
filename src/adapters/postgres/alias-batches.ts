import type { Kysely, Selectable } from 'kysely';
import type { AliasFact } from '../../domain/members/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { DirectoryStore } from '../../services/ports/index.ts';
import type { AliasTables } from './alias-tables.ts';
import type { Database } from './database-tables.ts';
import { followMeOf } from './follow-me-rows.ts';

/** So many rows come at a time. */
const BATCH = 20_000;

/** What the exchange has to know of them before its first call, read by keyset. */
export function aliasBatches(kysely: Kysely<Database>): Pick<DirectoryStore, 'aliases' | 'followMes'> {
  return {
    async *aliases() {
      let [provenAtMs, id] = [-1n, ''];
      for (;;) {
        const rows = await kysely
          .selectFrom('aliases')
          .select([
            'id',
            'member_id',
            'kind',
            'value',
            'operator_id',
            'fallback_country_code',
            'proven_at_ms',
          ])
          .where('proven_at_ms', 'is not', null)
          .where(({ eb, refTuple, tuple }) => eb(refTuple('proven_at_ms', 'id'), '>', tuple(provenAtMs, id)))
          .orderBy('proven_at_ms')
          .orderBy('id')
          .limit(BATCH)
          .execute();
        yield rows.map(factOf);
        const last = rows.at(-1);
        if (last === undefined || rows.length < BATCH) return;
        [provenAtMs, id] = [last.proven_at_ms ?? 0n, last.id];
      }
    },
    async *followMes() {
      for (let after = ''; ; ) {
        const query = kysely.selectFrom('follow_mes').selectAll().where('member_id', '>', after);
        const rows = await query.orderBy('member_id').limit(BATCH).execute();
        yield rows.map(followMeOf);
        const last = rows.at(-1);
        if (last === undefined || rows.length < BATCH) return;
        after = last.member_id;
      }
    },
  };
}

type FactRow = Pick<
  Selectable<AliasTables['aliases']>,
  'fallback_country_code' | 'kind' | 'member_id' | 'operator_id' | 'value'
>;

function factOf(row: FactRow): AliasFact {
  const fallback = row.fallback_country_code as CountryCode | null;
  return {
    kind: row.kind,
    value: row.value,
    memberId: row.member_id,
    ...(row.operator_id === '' ? {} : { operatorId: row.operator_id }),
    ...(fallback === null ? {} : { fallbackCountryCode: fallback }),
  };
}
