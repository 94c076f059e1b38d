import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Account, Branch, Member, NumberElsewhere, Terminal } from '../../domain/members/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { MemberStore } from '../../services/ports/index.ts';
import { accountColumns } from './accounts.ts';
import { isReferred, isTaken } from './constraint-violation.ts';
import type { Database } from './database-tables.ts';
import type { MemberTables } from './member-tables.ts';

/** Members, their branches and their terminals, in PostgreSQL. */
export function createMemberStore(kysely: Kysely<Database>): MemberStore {
  return { ...memberRows(kysely), ...branchRows(kysely), ...terminalRows(kysely) };
}

function memberRows(kysely: Kysely<Database>): Pick<MemberStore, 'find' | 'list' | 'register' | 'update'> {
  return {
    register: (member, account) => register(kysely, member, account),
    async update(member) {
      const { id, ...columns } = memberColumns(member);
      const query = kysely.updateTable('members').set(columns).where('id', '=', id).returning('id');
      return (await query.executeTakeFirst()) !== undefined;
    },
    async find(id) {
      const row = await kysely.selectFrom('members').selectAll().where('id', '=', id).executeTakeFirst();
      return row && memberOf(row);
    },
    async list({ kind, before, limit }) {
      let query = kysely.selectFrom('members').selectAll().orderBy('id', 'desc').limit(limit);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(memberOf);
    },
  };
}

function branchRows(kysely: Kysely<Database>): Pick<MemberStore, 'branches' | 'closeBranch' | 'openBranch'> {
  return {
    async openBranch({ memberId, countryCode, name, openedAtMs }) {
      const opened = await kysely
        .insertInto('branches')
        .values({ member_id: memberId, country_code: countryCode, name, opened_at_ms: BigInt(openedAtMs) })
        .onConflict((conflict) => conflict.columns(['member_id', 'country_code']).doNothing())
        .returning('member_id')
        .executeTakeFirst();
      return opened !== undefined;
    },
    async closeBranch(memberId, countryCode) {
      const query = kysely
        .deleteFrom('branches')
        .where('member_id', '=', memberId)
        .where('country_code', '=', countryCode)
        .returning('member_id');
      try {
        return (await query.executeTakeFirst()) === undefined ? 'missing' : 'closed';
      } catch (error) {
        if (isReferred(error, 'terminals_branch')) return 'in-use';
        throw error;
      }
    },
    async branches(memberId) {
      const rows = await kysely
        .selectFrom('branches')
        .selectAll()
        .where('member_id', '=', memberId)
        .orderBy('country_code')
        .execute();
      return rows.map(branchOf);
    },
  };
}

function terminalRows(
  kysely: Kysely<Database>,
): Pick<MemberStore, 'addTerminal' | 'findTerminal' | 'removeTerminal' | 'terminals' | 'updateTerminal'> {
  const terminals = () => kysely.selectFrom('terminals').selectAll();
  return {
    async addTerminal(terminal) {
      try {
        await kysely.insertInto('terminals').values(terminalColumns(terminal)).execute();
        return 'added';
      } catch (error) {
        if (isTaken(error)) return 'user-taken';
        if (isReferred(error, 'terminals_branch')) return 'branch-missing';
        throw error;
      }
    },
    async updateTerminal(id, { name, countryCode, secrets }) {
      const row = await kysely
        .updateTable('terminals')
        .set({
          // Naming the id among the changes keeps the statement valid where nothing else changes.
          id,
          ...(name === undefined ? {} : { name }),
          ...(countryCode === undefined ? {} : { country_code: countryCode }),
          ...secrets,
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && terminalOf(row);
    },
    async removeTerminal(id) {
      const query = kysely.deleteFrom('terminals').where('id', '=', id).returning('id');
      return (await query.executeTakeFirst()) !== undefined;
    },
    async findTerminal(id) {
      const row = await terminals().where('id', '=', id).executeTakeFirst();
      return row && terminalOf(row);
    },
    async terminals(memberId) {
      const rows = await terminals().where('member_id', '=', memberId).orderBy('id').execute();
      return rows.map(terminalOf);
    },
  };
}

async function register(
  kysely: Kysely<Database>,
  member: Member,
  account: Account | undefined,
): Promise<boolean> {
  try {
    await kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('members').values(memberColumns(member)).execute();
      if (account !== undefined) {
        await transaction.insertInto('accounts').values(accountColumns(account)).execute();
      }
    });
    return true;
  } catch (error) {
    if (account !== undefined && isTaken(error)) return false;
    throw error;
  }
}

function memberColumns(member: Member) {
  return {
    id: member.id,
    kind: member.kind,
    name: member.identity.name,
    address: member.identity.address,
    document_reference: member.identity.documentReference ?? null,
    language: member.language,
    email: member.email,
    reachable_number: member.reachableNumber,
    numbers_elsewhere: JSON.stringify(member.numbersElsewhere),
    registered_at_ms: BigInt(member.registeredAtMs),
  };
}

function memberOf(row: Selectable<MemberTables['members']>): Member {
  const { name, address, document_reference: documentReference } = row;
  return {
    id: row.id,
    kind: row.kind,
    identity: { name, address, ...(documentReference === null ? {} : { documentReference }) },
    language: row.language,
    email: row.email,
    reachableNumber: row.reachable_number,
    numbersElsewhere: row.numbers_elsewhere as readonly NumberElsewhere[],
    registeredAtMs: Number(row.registered_at_ms),
  };
}

function branchOf(row: Selectable<MemberTables['branches']>): Branch {
  return {
    memberId: row.member_id,
    countryCode: row.country_code as CountryCode,
    name: row.name,
    openedAtMs: Number(row.opened_at_ms),
  };
}

function terminalColumns(terminal: Terminal): Insertable<MemberTables['terminals']> {
  return {
    id: terminal.id,
    member_id: terminal.memberId,
    branch_country_code: terminal.branchCountryCode ?? null,
    country_code: terminal.countryCode,
    name: terminal.name,
    sip_user: terminal.user,
    ...terminal.secrets,
    added_at_ms: BigInt(terminal.addedAtMs),
  };
}

function terminalOf(row: Selectable<MemberTables['terminals']>): Terminal {
  const branch = row.branch_country_code as CountryCode | null;
  return {
    id: row.id,
    memberId: row.member_id,
    ...(branch === null ? {} : { branchCountryCode: branch }),
    countryCode: row.country_code as CountryCode,
    name: row.name,
    user: row.sip_user,
    secrets: { md5: row.md5, sha256: row.sha256 },
    addedAtMs: Number(row.added_at_ms),
  };
}
