import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionTarget } from '../connection.ts';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { type Cluster, DATABASE_NAME, openCluster } from './cluster.ts';
import { type Guard, takeGuard } from './guard.ts';
import { askPostmasterToStop, ensurePostmaster, SOCKET_PORT, stopPostmaster } from './postmaster.ts';

/** A PostgreSQL of our own that lives in a folder, and is kept alive as long as it is open. */
export type EmbeddedDatabase = {
  readonly target: ConnectionTarget;
  /** By which other processes of this machine and user reach it, as `DATABASE_URL`. */
  readonly url: string;
  /** Stops the server when everything committed is on the disk. */
  close(): Promise<void>;
};

const OPEN_ATTEMPTS = 50;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Starts the embedded PostgreSQL in this folder, makes it where there is none, or adopts the one that a killed
 * process left running. One process at a time uses a folder.
 * @param warn takes a sentence for the operator when the server had to be started again
 * @throws DatabaseUnavailable where the folder is in use, unfit, or the server does not start
 */
export async function openEmbeddedDatabase(
  folder: string,
  warn: (sentence: string) => void,
): Promise<EmbeddedDatabase> {
  const home = resolve(folder);
  const cluster = await openCluster(home);
  const keeper = new Keeper(cluster, join(home, 'postgres.log'), warn);
  await keeper.open();
  return {
    target: keeper.target(DATABASE_NAME),
    url: `postgres://${DATABASE_NAME}@${encodeURIComponent(cluster.path)}:${SOCKET_PORT}/${DATABASE_NAME}`,
    close: () => keeper.close(),
  };
}

class Keeper {
  readonly #cluster: Cluster;
  readonly #logFile: string;
  readonly #warn: (sentence: string) => void;
  /** The path of the socket may have 107 bytes, that of the folder more: an open folder has a short name. */
  readonly #folderHandle: number;
  #guard: Guard | undefined;
  #reviving: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(cluster: Cluster, logFile: string, warn: (sentence: string) => void) {
    this.#cluster = cluster;
    this.#logFile = logFile;
    this.#warn = warn;
    this.#folderHandle = openSync(cluster.path, 'r');
  }

  target(database: string): ConnectionTarget {
    const host = `/proc/self/fd/${this.#folderHandle}`;
    return { host, port: SOCKET_PORT, user: DATABASE_NAME, database, ssl: false };
  }

  async open(): Promise<void> {
    try {
      for (let attempt = 1; this.#guard === undefined; attempt++) await this.#tryOpen(attempt);
    } catch (error) {
      closeSync(this.#folderHandle);
      throw error;
    }
    await this.#createDatabase(this.#guard);
    process.once('exit', this.#stopAtExit);
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    process.off('exit', this.#stopAtExit);
    await this.#reviving;
    // The server is stopped before the lock is given back: whoever waits for it finds no half-stopped server.
    await stopPostmaster(this.#cluster.path);
    await this.#guard?.client.end().catch(() => undefined);
    closeSync(this.#folderHandle);
  }

  /** The server that was just found may be the one its owner is stopping: then ours is started after it. */
  async #tryOpen(attempt: number): Promise<void> {
    await ensurePostmaster(this.#cluster, this.#logFile);
    try {
      this.#guard = await takeGuard(this.target('postgres'), () => this.#onLost());
    } catch (error) {
      if (error instanceof DatabaseUnavailable || attempt === OPEN_ATTEMPTS) throw error;
      await sleep(FIRST_PAUSE_MS * 2);
    }
  }

  async #createDatabase({ client }: Guard): Promise<void> {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE_NAME]);
    if (rowCount === 0) await client.query(`create database ${DATABASE_NAME}`);
  }

  /** The guard's connection ended: where we did not end it, the server is gone. */
  #onLost(): void {
    this.#guard = undefined;
    if (!this.#isClosing) this.#reviving = this.#revive();
  }

  /** Starts the server again until it stays. */
  async #revive(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.#isClosing; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await ensurePostmaster(this.#cluster, this.#logFile);
        this.#guard = await takeGuard(this.target('postgres'), () => this.#onLost());
        this.#warn(`The embedded PostgreSQL had ended; it runs again. Its log: ${this.#logFile}`);
        return;
      } catch (error) {
        this.#warn(`The embedded PostgreSQL ended and does not come back: ${String(error)}`);
      }
      await sleep(pauseMs);
    }
  }

  /** A process that ends without `close` leaves no server behind; nothing can be awaited here. */
  readonly #stopAtExit = (): void => {
    askPostmasterToStop(this.#cluster.path);
  };
}
