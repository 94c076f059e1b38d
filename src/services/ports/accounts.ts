import type { Account, ApiKey } from '../../domain/members/index.ts';

/** Who may act for whom; signing in itself is not kept here. */
export type AccountStore = {
  /** @returns false where the user has an account already */
  create(account: Account): Promise<boolean>;
  /**
   * Removes the account and revokes its keys.
   * @returns `last-administrator` where its enterprise would be left without one; nothing was changed
   */
  remove(userId: string, nowMs: number): Promise<'removed' | 'missing' | 'last-administrator'>;
  find(userId: string): Promise<Account | undefined>;
  /** The accounts of a member, or the operators; in the order they were made. */
  list(memberId: string | undefined): Promise<readonly Account[]>;

  addApiKey(key: ApiKey): Promise<void>;
  /** @returns whether there was a key that was not revoked yet */
  revokeApiKey(id: string, revokedAtMs: number): Promise<boolean>;
  findApiKey(id: string): Promise<ApiKey | undefined>;
  findApiKeyByDigest(digest: string): Promise<ApiKey | undefined>;
  /** Revoked ones too, in the order they were made. */
  apiKeys(userId: string): Promise<readonly ApiKey[]>;
};
