import type { Account, ApiKey } from '../../domain/members/index.ts';
import type { AccountStore } from '../../services/ports/index.ts';

/** Accounts and API keys in memory. */
export function createMemoryAccounts(): AccountStore {
  const accounts = new Map<string, Account>();
  const keys = new Map<string, ApiKey>();
  const revoke = (key: ApiKey, revokedAtMs: number) => {
    if (key.revokedAtMs === undefined) keys.set(key.id, { ...key, revokedAtMs });
  };
  const keysOf = (userId: string) => [...keys.values()].filter((key) => key.userId === userId);
  return {
    async create(account) {
      if (accounts.has(account.userId)) return false;
      accounts.set(account.userId, account);
      return true;
    },
    async remove(userId, nowMs) {
      const account = accounts.get(userId);
      if (account === undefined) return 'missing';
      const isAdministrator = ({ memberId, role }: Account) =>
        memberId === account.memberId && role === 'enterprise-administrator';
      if (isAdministrator(account) && [...accounts.values()].filter(isAdministrator).length === 1) {
        return 'last-administrator';
      }
      for (const key of keysOf(userId)) revoke(key, nowMs);
      accounts.delete(userId);
      return 'removed';
    },
    async find(userId) {
      return accounts.get(userId);
    },
    async list(memberId) {
      return [...accounts.values()].filter((account) => account.memberId === memberId);
    },
    async addApiKey(key) {
      keys.set(key.id, key);
    },
    async revokeApiKey(id, revokedAtMs) {
      const key = keys.get(id);
      if (key === undefined || key.revokedAtMs !== undefined) return false;
      revoke(key, revokedAtMs);
      return true;
    },
    async findApiKey(id) {
      return keys.get(id);
    },
    async findApiKeyByDigest(digest) {
      return [...keys.values()].find((key) => key.digest === digest);
    },
    async apiKeys(userId) {
      return keysOf(userId);
    },
  };
}
