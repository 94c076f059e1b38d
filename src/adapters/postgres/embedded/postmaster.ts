import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { type Cluster, OWN_FOLDER, SERVER_ENVIRONMENT } from './cluster.ts';
import { endOrphans } from './orphans.ts';

/** The server process of a cluster, ours or one that a killed process left behind. */
export type Postmaster = { readonly pid: number; readonly isReady: boolean };

/** Names the socket file, and nothing else: there is no network port. */
export const SOCKET_PORT = 5432;

/** Design §1: what 20 `kill -9` under four writers did not break, and what a small machine can bear. */
const SETTINGS = {
  listen_addresses: '',
  // Relative to the cluster: a socket's path may have 107 bytes only, and this folder is closed to others.
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  port: String(SOCKET_PORT),
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  max_connections: '40',
  jit: 'off',
  io_method: 'sync',
  client_connection_check_interval: '2s',
  log_min_messages: 'warning',
  cluster_name: 'omnidial',
};

/** Crash recovery reads the log of up to 1 GB; on a slow disk that takes minutes. */
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 10;

/** The postmaster that runs this cluster now, whoever started it. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const file = readPostmasterFile(cluster);
  if (file === undefined || !isAtHome(file.pid, cluster)) return undefined;
  return file;
}

/**
 * Starts the cluster's postmaster, or adopts the one that runs.
 * @returns when it takes connections
 * @throws DatabaseUnavailable with the server's own words where it does not start
 */
export async function ensurePostmaster(cluster: Cluster, logFile: string): Promise<Postmaster> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (let attempt = 1; performance.now() < deadline; attempt++) {
    const running = findPostmaster(cluster.path) ?? (await startPostmaster(cluster, logFile, attempt));
    if (running?.isReady === true) return running;
    await sleep(POLL_MS);
  }
  throw new DatabaseUnavailable(
    `The embedded PostgreSQL is not ready after ${START_TIMEOUT_MS / 1000} s: ${logFile}`,
  );
}

/** Fast shutdown: transactions under way are rolled back, everything committed is kept. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const running = askPostmasterToStop(cluster);
  if (running === undefined) return;
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (isAtHome(running.pid, cluster)) {
    if (performance.now() > deadline)
      throw new DatabaseUnavailable(`PostgreSQL ${running.pid} does not stop`);
    await sleep(POLL_MS);
  }
}

/** Asks for a fast shutdown and does not wait for it. @returns whom it asked */
export function askPostmasterToStop(cluster: string): Postmaster | undefined {
  const running = findPostmaster(cluster);
  if (running !== undefined && isAlive(running.pid)) process.kill(running.pid, 'SIGINT');
  return running;
}

/** @returns the new postmaster as soon as it is ready, or nothing where another process's is on its way */
async function startPostmaster(
  cluster: Cluster,
  logFile: string,
  attempt: number,
): Promise<Postmaster | undefined> {
  removeFilesOfStrangers(cluster.path);
  keepLastLog(logFile);
  const log = openSync(logFile, 'w', 0o600);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(cluster.binaries.postgres, ['-D', OWN_FOLDER, ...settings], {
    ...cluster.account,
    cwd: cluster.path,
    env: SERVER_ENVIRONMENT,
    // A session of its own: Ctrl-C in a terminal is for us, and we stop the server when we have finished.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  while (failure === undefined && child.exitCode === null && child.signalCode === null) {
    const running = findPostmaster(cluster.path);
    if (running?.isReady === true) return running;
    await sleep(POLL_MS);
  }
  await overcome(failure?.message ?? readLines(logFile).join('\n').trim(), cluster, attempt);
  return undefined;
}

/** What the server said before it ended is kept until the next start but one. */
function keepLastLog(logFile: string): void {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
}

const MOST_ATTEMPTS = 20;

/** Waits for what passes: another starter's server, or backends that outlived their postmaster. */
async function overcome(complaint: string, cluster: Cluster, attempt: number): Promise<void> {
  const isLocked = complaint.includes('lock file');
  const hasOrphans = complaint.includes('pre-existing shared memory block');
  if ((!isLocked && !hasOrphans) || attempt > MOST_ATTEMPTS) {
    throw new DatabaseUnavailable(`The embedded PostgreSQL in ${cluster.path} does not start: ${complaint}`);
  }
  if (hasOrphans) await endOrphans(cluster.path);
  await sleep(POLL_MS * attempt);
}

/**
 * PostgreSQL takes a lock file for valid when any process has its id. After a restart of the machine that may be
 * a stranger: only then the file is removed, since that of a dead process is overcome by PostgreSQL itself.
 */
function removeFilesOfStrangers(cluster: string): void {
  for (const name of ['postmaster.pid', `.s.PGSQL.${SOCKET_PORT}.lock`]) {
    const pid = pidOf(readLines(join(cluster, name)));
    if (pid !== undefined && isAlive(pid) && !isAtHome(pid, cluster)) unlinkSync(join(cluster, name));
  }
}

function readPostmasterFile(cluster: string): Postmaster | undefined {
  const lines = readLines(join(cluster, 'postmaster.pid'));
  const pid = pidOf(lines);
  return pid === undefined ? undefined : { pid, isReady: lines[7]?.trim() === 'ready' };
}

/** The lines of a lock file; none where there is no such file, which may vanish at any moment. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function pidOf(lines: readonly string[]): number | undefined {
  // A standalone backend (`postgres --single`) writes its id negative.
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  return Number.isNaN(pid) ? undefined : pid;
}

/** A process that has ended and was not waited for by its parent (a zombie) is dead. */
function isAlive(pid: number): boolean {
  return readLines(`/proc/${pid}/status`).some((line) => /^State:\s+[^ZX]/.test(line));
}

/** Whether a process works in this folder: ids are used again, a working directory tells who it is. */
export function isAtHome(pid: number, cluster: string): boolean {
  try {
    const its = statSync(`/proc/${pid}/cwd`);
    const ours = statSync(cluster);
    return its.ino === ours.ino && its.dev === ours.dev;
  } catch {
    return false;
  }
}
