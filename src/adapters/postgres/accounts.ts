import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Account, ApiKey } from '../../domain/members/index.ts';
import type { AccountStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import type { MemberTables } from './member-tables.ts';

/** Leaves the transaction without a trace. */
class LastAdministrator extends Error {}

/** Accounts and API keys in PostgreSQL. */
export function createAccountStore(kysely: Kysely<Database>): AccountStore {
  return { ...accountRows(kysely), ...keyRows(kysely) };
}

function accountRows(kysely: Kysely<Database>): Pick<AccountStore, 'create' | 'find' | 'list' | 'remove'> {
  return {
    async create(account) {
      const created = await kysely
        .insertInto('accounts')
        .values(accountColumns(account))
        .onConflict((conflict) => conflict.column('user_id').doNothing())
        .returning('user_id')
        .executeTakeFirst();
      return created !== undefined;
    },
    async remove(userId, nowMs) {
      try {
        return await kysely.transaction().execute((transaction) => removeAccount(transaction, userId, nowMs));
      } catch (thrown) {
        if (thrown instanceof LastAdministrator) return 'last-administrator';
        throw thrown;
      }
    },
    async find(userId) {
      const row = await kysely
        .selectFrom('accounts')
        .selectAll()
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row && accountOf(row);
    },
    async list(memberId) {
      const rows = await kysely
        .selectFrom('accounts')
        .selectAll()
        .where('member_id', memberId === undefined ? 'is' : '=', memberId ?? null)
        .orderBy('created_at_ms')
        .orderBy('user_id')
        .execute();
      return rows.map(accountOf);
    },
  };
}

async function removeAccount(
  transaction: Transaction<Database>,
  userId: string,
  nowMs: number,
): ReturnType<AccountStore['remove']> {
  const removed = await transaction
    .deleteFrom('accounts')
    .where('user_id', '=', userId)
    .returning(['role', 'member_id'])
    .executeTakeFirst();
  if (removed === undefined) return 'missing';
  if (removed.role === 'enterprise-administrator' && removed.member_id !== null) {
    await requireAdministrator(transaction, removed.member_id);
  }
  await transaction
    .updateTable('api_keys')
    .set({ revoked_at_ms: BigInt(nowMs) })
    .where('user_id', '=', userId)
    .where('revoked_at_ms', 'is', null)
    .execute();
  return 'removed';
}

/** Two administrators who remove each other at once take turns at the row of their member. */
async function requireAdministrator(transaction: Transaction<Database>, memberId: string): Promise<void> {
  await transaction.selectFrom('members').select('id').where('id', '=', memberId).forUpdate().execute();
  const other = await transaction
    .selectFrom('accounts')
    .select('user_id')
    .where('member_id', '=', memberId)
    .where('role', '=', 'enterprise-administrator')
    .executeTakeFirst();
  if (other === undefined) throw new LastAdministrator();
}

function keyRows(
  kysely: Kysely<Database>,
): Pick<AccountStore, 'addApiKey' | 'apiKeys' | 'findApiKey' | 'findApiKeyByDigest' | 'revokeApiKey'> {
  const keys = () => kysely.selectFrom('api_keys').selectAll();
  return {
    async addApiKey(key) {
      await kysely.insertInto('api_keys').values(keyColumns(key)).execute();
    },
    async revokeApiKey(id, revokedAtMs) {
      const revoked = await kysely
        .updateTable('api_keys')
        .set({ revoked_at_ms: BigInt(revokedAtMs) })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return revoked !== undefined;
    },
    async findApiKey(id) {
      const row = await keys().where('id', '=', id).executeTakeFirst();
      return row && keyOf(row);
    },
    async findApiKeyByDigest(digest) {
      const row = await keys().where('digest', '=', digest).executeTakeFirst();
      return row && keyOf(row);
    },
    async apiKeys(userId) {
      return (await keys().where('user_id', '=', userId).orderBy('id').execute()).map(keyOf);
    },
  };
}

/** The row of an account; registering a member writes one too. */
export function accountColumns(account: Account): Insertable<MemberTables['accounts']> {
  return {
    user_id: account.userId,
    role: account.role,
    member_id: account.memberId ?? null,
    created_at_ms: BigInt(account.createdAtMs),
  };
}

function accountOf(row: Selectable<MemberTables['accounts']>): Account {
  return {
    userId: row.user_id,
    role: row.role,
    ...(row.member_id === null ? {} : { memberId: row.member_id }),
    createdAtMs: Number(row.created_at_ms),
  };
}

function keyColumns(key: ApiKey): Insertable<MemberTables['api_keys']> {
  return {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    prefix: key.prefix,
    digest: key.digest,
    created_at_ms: BigInt(key.createdAtMs),
    revoked_at_ms: key.revokedAtMs === undefined ? null : BigInt(key.revokedAtMs),
  };
}

function keyOf(row: Selectable<MemberTables['api_keys']>): ApiKey {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    prefix: row.prefix,
    digest: row.digest,
    createdAtMs: Number(row.created_at_ms),
    ...(row.revoked_at_ms === null ? {} : { revokedAtMs: Number(row.revoked_at_ms) }),
  };
}
