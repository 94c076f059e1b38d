import type { Kysely, Selectable } from 'kysely';
import type { FollowMe } from '../../domain/members/index.ts';
import type { AliasStore } from '../../services/ports/index.ts';
import type { AliasTables } from './alias-tables.ts';
import type { Database } from './database-tables.ts';

/** Which members’ telephones ring for them. */
export function followMeRows(
  kysely: Kysely<Database>,
): Pick<AliasStore, 'endFollowMe' | 'followMe' | 'setFollowMe'> {
  return {
    async followMe(memberId) {
      const query = kysely.selectFrom('follow_mes').selectAll().where('member_id', '=', memberId);
      const row = await query.executeTakeFirst();
      return row && followMeOf(row);
    },
    async setFollowMe({ memberId, number, mode, afterMs }) {
      const columns = { number, mode, after_ms: afterMs };
      await kysely
        .insertInto('follow_mes')
        .values({ member_id: memberId, ...columns })
        .onConflict((conflict) => conflict.column('member_id').doUpdateSet(columns))
        .execute();
    },
    async endFollowMe(memberId) {
      const query = kysely.deleteFrom('follow_mes').where('member_id', '=', memberId);
      return (await query.returning('member_id').executeTakeFirst()) !== undefined;
    },
  };
}

export function followMeOf(row: Selectable<AliasTables['follow_mes']>): FollowMe {
  return { memberId: row.member_id, number: row.number, mode: row.mode, afterMs: row.after_ms };
}
