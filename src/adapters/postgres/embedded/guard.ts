import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ConnectionTarget, connectionConfig } from '../connection.ts';
import { DatabaseUnavailable } from '../database-unavailable.ts';

/** Proof that this process is the one that uses a folder, as long as its connection lives. */
export type Guard = { readonly client: pg.Client };

/** An arbitrary key: the cluster is ours alone. */
const GUARD_KEY = 6200_6200;

/** A killed process's connection is closed by the kernel, and its lock is free within milliseconds. */
const PATIENCE_MS = 2_000;
const POLL_MS = 50;

/**
 * Takes the lock of the folder. It is one of the database and not a file, so that the end of a process, whatever
 * its kind, gives it back.
 * @param onLost called once, when the connection ends without `client.end()` having been called by the owner
 * @throws DatabaseUnavailable naming the process that has it
 */
export async function takeGuard(target: ConnectionTarget, onLost: () => void): Promise<Guard> {
  const client = new pg.Client(connectionConfig(target));
  // Without a listener, the server's end would be an uncaught exception; 'end' follows.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await lock(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  client.once('end', onLost);
  return { client };
}

async function lock(client: pg.Client): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await tryLock(client))) {
    if (performance.now() > deadline) {
      throw new DatabaseUnavailable(
        `The data folder is in use by ${await holder(client)}. Stop it first, or give this one a folder of its own (OMNIDIAL_DATA).`,
      );
    }
    await sleep(POLL_MS);
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as taken', [GUARD_KEY]);
  return rows[0]?.taken === true;
}

async function holder(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    `select application_name from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and granted and objid = $1`,
    [GUARD_KEY],
  );
  const name: unknown = rows[0]?.application_name;
  return typeof name === 'string' ? name.replace(' ', ', process ') : 'another process';
}
