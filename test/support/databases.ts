import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, statSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { type OpenDatabase, openDatabase, openEmbeddedDatabase } from '../../src/adapters/postgres/index.ts';

/** A PostgreSQL server the contracts are run on. */
export type DatabaseServer = {
  readonly name: string;
  /** Why it cannot be started here, or nothing where it can. */
  readonly missing: () => string | undefined;
  /** Starts it with an empty folder. */
  readonly start: () => Promise<RunningServer>;
};

type RunningServer = {
  /** The URL of a database of this name. */
  urlOf(database: string): string;
  stop(): Promise<void>;
};

/** Gives a new database of the server, its tables up to date; it is closed after the tests. */
export type FreshDatabase = () => Promise<OpenDatabase & { readonly url: string }>;

const DEBIAN_BINARIES = '/usr/lib/postgresql/15/bin';

/** The servers every store has to work on: what we bring ourselves, and what a distribution offers. */
export const DATABASES: readonly DatabaseServer[] = [
  { name: 'embedded PostgreSQL 18', missing: () => undefined, start: startEmbedded },
  { name: 'PostgreSQL 15 of Debian', missing: missingOfDebian, start: startDebian },
];

/**
 * Runs tests on a server of their own. Where it is not installed they are skipped, and their title says so; in
 * CI nothing may be skipped, so that there it is an error.
 */
export function describeDatabase(
  server: DatabaseServer,
  title: string,
  tests: (fresh: FreshDatabase) => void,
): void {
  const missing = server.missing();
  if (missing !== undefined) {
    if (process.env['CI'] === 'true') throw new Error(`${title}: ${missing}`);
    describe.skip(`${title} (${missing})`, () => tests(() => Promise.reject(new Error(missing))));
    return;
  }
  describe(`${title} (${server.name})`, () => {
    let supply: Supply | undefined;
    beforeAll(async () => {
      supply = await Supply.from(server);
    });
    afterAll(async () => supply?.stop());
    tests(() => (supply as Supply).fresh());
  });
}

const TEMPLATE = 'omnidial_template';

/** Copies of one database whose tables were made once, which is faster than making them for each test. */
class Supply {
  readonly #server: RunningServer;
  readonly #open: OpenDatabase[] = [];
  #count = 0;

  private constructor(server: RunningServer) {
    this.#server = server;
  }

  static async from(server: DatabaseServer): Promise<Supply> {
    const supply = new Supply(await server.start());
    await supply.#run(`create database ${TEMPLATE}`);
    await (await openDatabase({ url: supply.#server.urlOf(TEMPLATE) }, { warn: () => undefined })).close();
    return supply;
  }

  async fresh(): Promise<OpenDatabase & { readonly url: string }> {
    const name = `omnidial_test_${++this.#count}`;
    await this.#run(`create database ${name} template ${TEMPLATE}`);
    const url = this.#server.urlOf(name);
    const database = await openDatabase({ url }, { warn: () => undefined });
    const fresh = { ...database, url };
    this.#open.push(fresh);
    return fresh;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#open.map((database) => database.close()));
    await this.#server.stop();
  }

  async #run(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#server.urlOf('postgres') });
    await client.connect();
    await client.query(statement);
    await client.end();
  }
}

async function startEmbedded(): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-embedded-'));
  const { url, close } = await openEmbeddedDatabase(folder, (sentence) => console.warn(sentence));
  return {
    urlOf: (database) => url.replace(/[^/]*$/, database),
    async stop() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function missingOfDebian(): string | undefined {
  try {
    accessSync(join(DEBIAN_BINARIES, 'postgres'), constants.X_OK);
    return undefined;
  } catch {
    return 'not installed: postgresql of Debian 12';
  }
}

/** PostgreSQL does not run as root: root starts it as the owner of Debian's own clusters. */
function accountOfDebian(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync('/var/lib/postgresql');
  return { uid, gid };
}

async function startDebian(): Promise<RunningServer> {
  const account = accountOfDebian();
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-debian-'));
  if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid);
  const cluster = join(folder, 'cluster');
  const options = ['-D', cluster, '-U', 'omnidial', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(join(DEBIAN_BINARIES, 'initdb'), options, {
    ...account,
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb of Debian: ${made.error?.message ?? made.stderr}`);
  const server = spawn(
    join(DEBIAN_BINARIES, 'postgres'),
    ['-D', cluster, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=60'],
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const urlOf = (database: string) => `postgres://omnidial@${encodeURIComponent(folder)}/${database}`;
  await waitUntilReady(server, urlOf('postgres'));
  return {
    urlOf,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilReady(server: ChildProcess, url: string): Promise<void> {
  const log = server.stderr === null ? Promise.resolve('') : text(server.stderr);
  while (server.exitCode === null) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(20);
    }
  }
  throw new Error(`PostgreSQL of Debian does not start: ${await log}`);
}
