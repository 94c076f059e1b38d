import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { type Account, accountForNewCluster, accountOfCluster } from './account.ts';
import { type Binaries, binariesFor, MAJOR_VERSION } from './binaries.ts';

/** A folder that holds a whole database cluster, and with what it is run. */
export type Cluster = { readonly path: string; readonly account: Account; readonly binaries: Binaries };

/** The name of the database and of its only user. */
export const DATABASE_NAME = 'omnidial';

/**
 * What a server process knows its cluster as. PostgreSQL insists on an absolute path; this one is its working
 * directory, which it may use although it may not enter the folders above (a clone below /root).
 */
export const OWN_FOLDER = '/proc/self/cwd';

/** Nothing of our own environment (PGDATA, PGPORT, LC_ALL …) may change what the servers do. */
export const SERVER_ENVIRONMENT = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const INITDB_OPTIONS = [
  `--pgdata=${OWN_FOLDER}`,
  `--username=${DATABASE_NAME}`,
  // Who may enter the folder of the socket (0700) is the database's user or root: see ADR 0121.
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--no-instructions',
];

/**
 * The cluster in this data folder, made where there is none.
 * @throws DatabaseUnavailable where what is there is of another version, not whole, or of another user
 */
export async function openCluster(folder: string): Promise<Cluster> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'cluster');
  if (!existsSync(path)) {
    removeHalfMade(folder);
    await makeCluster(folder, path);
  }
  checkCluster(path);
  const account = accountOfCluster(path);
  return { path, account, binaries: binariesFor(account, folder) };
}

/** Made under another name first, so that a cluster is there whole or not at all. */
async function makeCluster(folder: string, path: string): Promise<void> {
  const account = accountForNewCluster();
  const { initdb } = binariesFor(account, folder);
  const making = join(folder, `${HALF_MADE}${process.pid}`);
  mkdirSync(making, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(making, account.uid, account.gid);
  await runInitdb(initdb, making, account);
  try {
    renameSync(making, path);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another process was faster: its cluster is used, and it decides whose it is.
    if (!existsSync(path)) throw error;
  }
}

async function runInitdb(initdb: string, folder: string, account: Account): Promise<void> {
  const child = spawn(initdb, INITDB_OPTIONS, {
    ...account,
    cwd: folder,
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const [complaint, status] = await Promise.all([text(child.stderr), exit]);
  if (status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new DatabaseUnavailable(
    `initdb could not make a database in ${dirname(folder)}: ${complaint.trim()}`,
  );
}

const HALF_MADE = 'cluster.making-';

/** What a killed initdb left: nobody has ever used it. */
function removeHalfMade(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(HALF_MADE))) {
    const maker = name.slice(HALF_MADE.length);
    if (!existsSync(`/proc/${maker}`)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function checkCluster(path: string): void {
  let version: string;
  try {
    version = readFileSync(join(path, 'PG_VERSION'), 'utf8').trim();
    readFileSync(join(path, 'global/pg_control'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') accountOfCluster(path);
    throw new DatabaseUnavailable(
      `${path} holds no whole database cluster. Restore it from a backup, or move it away to begin with an empty one.`,
      { cause: error },
    );
  }
  if (version !== MAJOR_VERSION) {
    throw new DatabaseUnavailable(
      `${path} was made by PostgreSQL ${version}, and this is ${MAJOR_VERSION}. Export it with the old version and import it here.`,
    );
  }
}
