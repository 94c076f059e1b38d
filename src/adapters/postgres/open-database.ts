import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type ConnectionTarget, connectionConfig, openPool } from './connection.ts';
import type { Database } from './database-tables.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { openEmbeddedDatabase } from './embedded/index.ts';
import { type ChannelListener, Listening } from './listening.ts';
import { migrate } from './migrate.ts';

/** Another PostgreSQL (`DATABASE_URL`), or a folder in which ours lives. */
export type DatabaseSource = { readonly url: string } | { readonly folder: string };

/** An open database whose tables are up to date. */
export type OpenDatabase = {
  readonly kysely: Kysely<Database>;
  /** By which other processes reach the embedded database; absent where it is another one. */
  readonly sharedUrl?: string;
  /**
   * Hears `pg_notify` on a channel, from when the promise resolves, on a connection of its own.
   * @returns what ends it
   */
  listen(channel: string, listener: ChannelListener): Promise<() => Promise<void>>;
  /** Waits for queries under way; the embedded server is stopped. May be called again. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Takes a sentence for the operator about trouble that is being overcome. */
  readonly warn: (sentence: string) => void;
  /** How many connections at most, without those for migrations, notices and the folder's guard. */
  readonly poolSize?: number;
  /** After this a query is given up, so that a lock or a lost plan does not hold the service. */
  readonly statementTimeoutMs?: number;
};

const POOL_SIZE = 10;
const STATEMENT_TIMEOUT_MS = 15_000;

/** What our SQL needs at least, as `server_version_num` says it. */
const OLDEST_VERSION = 150_000;

/**
 * Opens a database and brings its tables up to date.
 * @throws DatabaseUnavailable where it cannot be reached, is too old, or its folder is unfit or in use
 */
export async function openDatabase(source: DatabaseSource, options: DatabaseOptions): Promise<OpenDatabase> {
  if ('url' in source) return connect({ connectionString: source.url }, options, async () => undefined);
  const embedded = await openEmbeddedDatabase(source.folder, options.warn);
  try {
    const opened = await connect(embedded.target, options, () => embedded.close());
    return { ...opened, sharedUrl: embedded.url };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

async function connect(
  target: ConnectionTarget,
  options: DatabaseOptions,
  closeServer: () => Promise<void>,
): Promise<OpenDatabase> {
  await checkServer(target);
  await migrate(target);
  const pool = openPool(
    {
      ...connectionConfig(target),
      max: options.poolSize ?? POOL_SIZE,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    },
    (error) => options.warn(`A connection to the database was lost: ${error.message}`),
  );
  const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const listening = new Listening(target, options.warn);
  let closing: Promise<void> | undefined;
  const close = async () => {
    await listening.close();
    await kysely.destroy();
    await closeServer();
  };
  return {
    kysely,
    listen: (channel, listener) => listening.listen(channel, listener),
    close: () => (closing ??= close()),
  };
}

/** Refuses a server that cannot be reached, or that could not keep what we write. */
async function checkServer(target: ConnectionTarget): Promise<void> {
  const { version, encoding } = await describeServer(target);
  if (version < OLDEST_VERSION) {
    throw new DatabaseUnavailable(
      'The database is older than PostgreSQL 15. Update it, or name another one.',
    );
  }
  if (encoding !== 'UTF8') {
    throw new DatabaseUnavailable(
      `The database has the encoding ${encoding}, and numbers and names need UTF8: create database omnidial encoding 'UTF8' template template0.`,
    );
  }
}

async function describeServer(target: ConnectionTarget): Promise<{ version: number; encoding: string }> {
  let client: pg.Client | undefined;
  try {
    client = new pg.Client(connectionConfig(target));
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    );
    return rows[0];
  } catch (error) {
    const message = error instanceof Error ? error.message || String(error) : String(error);
    throw new DatabaseUnavailable(`The database cannot be reached: ${message}. Check DATABASE_URL.`, {
      cause: error,
    });
  } finally {
    await client?.end().catch(() => undefined);
  }
}
