import { readFileSync, statSync } from 'node:fs';
import { DatabaseUnavailable } from '../database-unavailable.ts';

/** The user PostgreSQL runs as; empty where it is the one we run as ourselves. */
export type Account = { readonly uid?: number; readonly gid?: number };

const NOBODY = 65_534;

/** Whom a new cluster belongs to: PostgreSQL refuses to run as root, so that root runs it as `nobody`. */
export function accountForNewCluster(): Account {
  return process.getuid?.() === 0 ? nobody() : {};
}

/**
 * The user an existing cluster runs as: its owner, whoever starts it.
 * @throws DatabaseUnavailable where the owner is root, or somebody we cannot become
 */
export function accountOfCluster(cluster: string): Account {
  const { uid, gid } = statSync(cluster);
  const own = process.getuid?.();
  if (uid === 0) {
    const { uid: nobodyUid, gid: nobodyGid } = nobody();
    throw new DatabaseUnavailable(
      `${cluster} belongs to root, and PostgreSQL does not run as root. Give it to another user: chown -R ${nobodyUid}:${nobodyGid} ${cluster}`,
    );
  }
  if (own === uid) return {};
  if (own === 0) return { uid, gid };
  throw new DatabaseUnavailable(
    `${cluster} belongs to the user with id ${uid}, and this process runs as ${own}. Start it as that user or as root, or name another data folder.`,
  );
}

function nobody(): Required<Account> {
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  return { uid: Number(entry?.[1] ?? NOBODY), gid: Number(entry?.[2] ?? NOBODY) };
}
