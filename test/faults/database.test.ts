import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createCallRecordStore,
  type OpenDatabase,
  openDatabase,
  openEmbeddedDatabase,
} from '../../src/adapters/postgres/index.ts';
import { postmasterOf, serversOf, startDatabaseProcess } from './database-processes.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An empty folder that is removed after the test, with whatever server still works in it. */
function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'omnidial-faults-'));
  const folder = join(parent, 'data');
  cleanups.push(async () => {
    if (statSync(join(folder, 'cluster'), { throwIfNoEntry: false }) !== undefined) {
      killAll(serversOf(folder));
      await expect.poll(() => serversOf(folder)).toEqual([]);
    }
    rmSync(parent, { recursive: true, force: true });
  });
  return folder;
}

/** A server's processes end each other, so that some may be gone when it is their turn. */
function killAll(pids: readonly (number | undefined)[]): void {
  for (const pid of pids) {
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

async function open(folder: string): Promise<OpenDatabase> {
  const database = await openDatabase({ folder }, { warn: () => undefined });
  cleanups.push(() => database.close());
  return database;
}

async function idsOf({ kysely }: OpenDatabase): Promise<string[]> {
  const rows = await kysely.selectFrom('call_records').select('id').execute();
  return rows.map(({ id }) => id);
}

function record(id: string) {
  const times = { startedAtMs: 1, answeredAtMs: 2, lastSeenAtMs: 2 };
  return {
    id,
    status: 'answered' as const,
    callerMemberId: 'a',
    callerTerminalId: 't',
    dialled: '1',
    ...times,
  };
}

describe('a process that is killed', () => {
  it('loses nothing that was acknowledged, and its server is adopted', async () => {
    const folder = newFolder();
    const writer = startDatabaseProcess('folder', folder, 'write');
    await writer.until(() => writer.lines.length > 100);
    const postmaster = postmasterOf(folder);
    writer.child.kill('SIGKILL');
    await writer.ended();
    const database = await open(folder);
    expect(postmasterOf(folder)).toBe(postmaster);
    expect(await idsOf(database)).toEqual(expect.arrayContaining(writer.lines.slice(1)));
    await database.close();
    expect(serversOf(folder)).toEqual([]);
  });

  it('together with its server loses nothing that was acknowledged', async () => {
    const folder = newFolder();
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const writer = startDatabaseProcess('folder', folder, 'write');
      await writer.until(() => writer.lines.length > 30 + round * 17);
      writer.child.kill('SIGKILL');
      killAll(serversOf(folder));
      await writer.ended();
      acknowledged.push(...writer.lines.slice(1));
    }
    expect(await idsOf(await open(folder))).toEqual(expect.arrayContaining(acknowledged));
  });
});

describe('a service that is killed with calls under way', () => {
  it('loses no call that was answered, and leaves none open', async () => {
    const folder = newFolder();
    const service = startDatabaseProcess('folder', folder, 'calls');
    await service.until(() => service.lines.length > 2_000);
    service.child.kill('SIGKILL');
    const killedAtMs = Date.now();
    await service.ended();
    const { kysely } = await open(folder);
    const store = createCallRecordStore(kysely);
    const printed = service.lines.slice(1).map((line) => line.split(' '));
    // Twenty milliseconds, and what a busy machine takes for a write.
    const due = printed.filter(([, answeredAtMs]) => Number(answeredAtMs) < killedAtMs - 1_000);
    expect(due.length).toBeGreaterThan(100);
    await store.closeOpen();
    const kept = new Map((await store.list({ limit: 100_000 })).map((call) => [call.id, call]));
    expect(due.filter(([id]) => !kept.has(id ?? ''))).toEqual([]);
    for (const call of kept.values()) {
      expect(call).toMatchObject({ status: 'completed', answeredAtMs: expect.any(Number) });
      expect(call.endedAtMs).toBeGreaterThanOrEqual(call.answeredAtMs ?? Number.NaN);
      expect(call.endedAtMs).toBeLessThanOrEqual(killedAtMs);
    }
    // What was under way was shown to live until shortly before the end.
    const first = kept.get(due[1]?.[0] ?? '');
    expect(first?.endedAtMs).toBeGreaterThan(killedAtMs - 2_000);
  });
});

describe('a process that ends', () => {
  it.each(['exit', 'close'] as const)('by %s leaves no server behind', async (work) => {
    const folder = newFolder();
    const ending = startDatabaseProcess('folder', folder, work);
    expect(await ending.ended()).toEqual({ code: 0, signal: null });
    await expect.poll(() => serversOf(folder), { timeout: 5_000 }).toEqual([]);
  });
});

describe('a server that is killed', () => {
  it('is started again, with everything that was acknowledged', async () => {
    const folder = newFolder();
    const database = await open(folder);
    const store = createCallRecordStore(database.kysely);
    await store.save([record('before')]);
    const postmaster = postmasterOf(folder);
    killAll([postmaster]);
    await expect.poll(() => postmasterOf(folder) ?? postmaster, { timeout: 20_000 }).not.toBe(postmaster);
    await expect
      .poll(() => store.save([record('after')]).then(() => 'saved', String), { timeout: 20_000 })
      .toBe('saved');
    // A connection that was idle at the time may still be in the pool.
    await expect.poll(() => idsOf(database).catch(String)).toEqual(['before', 'after']);
  });

  it('is started again although a busy backend has outlived it', async () => {
    const folder = newFolder();
    const database = await openDatabase({ folder }, { warn: () => undefined, statementTimeoutMs: 60_000 });
    cleanups.push(() => database.close());
    const busy = sql`select count(*) from generate_series(1, 1e12::bigint)`.execute(database.kysely);
    const ended = expect(busy).rejects.toThrow();
    await expect.poll(() => serversOf(folder).length).toBeGreaterThan(6);
    killAll([postmasterOf(folder)]);
    await ended;
    await expect
      .poll(() => sql`select 1`.execute(database.kysely).then(() => 'answers', String), { timeout: 20_000 })
      .toBe('answers');
  });
});

describe('a server that is killed while it is being closed', () => {
  it('does not come back', async () => {
    const folder = newFolder();
    for (const pauseMs of [0, 5, 50, 150]) {
      const database = await open(folder);
      killAll([postmasterOf(folder)]);
      await sleep(pauseMs);
      await database.close();
      // A backend notices the death of its server within a second or so; a server that came back would stay.
      await expect.poll(() => serversOf(folder), { timeout: 5_000 }).toEqual([]);
    }
  });
});

describe('a second process on the same folder', () => {
  it('is refused, told by whom, and the first goes on', async () => {
    const folder = newFolder();
    const database = await open(folder);
    const second = startDatabaseProcess('folder', folder, 'hold');
    expect(await second.ended()).toMatchObject({ code: 1 });
    expect(second.complaint()).toContain(`The data folder is in use by omnidial, process ${process.pid}.`);
    expect(await idsOf(database)).toEqual([]);
  });

  it('is refused too when both begin at once with nothing there', async () => {
    const folder = newFolder();
    const both = [1, 2].map(() => startDatabaseProcess('folder', folder, 'hold'));
    const loser = await Promise.race(both.map(async (one) => ({ one, end: await one.ended() })));
    expect(loser.end.code).toBe(1);
    expect(loser.one.complaint()).toContain('The data folder is in use by omnidial, process');
    const winner = both.find((one) => one !== loser.one);
    await winner?.until((line) => line === 'open');
    winner?.child.kill('SIGKILL');
    await winner?.ended();
  });

  it('waits for a first one that is just closing', async () => {
    const folder = newFolder();
    const database = await open(folder);
    const [second] = await Promise.all([open(folder), database.close()]);
    expect(await idsOf(second)).toEqual([]);
  });
});

describe('two processes that bring the tables up to date at once', () => {
  it('both succeed, and it is done once', async () => {
    const { target, close } = await openEmbeddedDatabase(newFolder(), () => undefined);
    cleanups.push(close);
    if (!('host' in target)) throw new Error('The embedded server is reached by its socket.');
    const socket = `/proc/${process.pid}${target.host.slice('/proc/self'.length)}`;
    const url = `postgres://${target.user}@${encodeURIComponent(socket)}/${target.database}`;
    const both = [1, 2].map(() => startDatabaseProcess('url', url, 'close'));
    for (const one of both) expect(await one.ended(), one.complaint()).toEqual({ code: 0, signal: null });
    const database = await openDatabase({ url }, { warn: () => undefined });
    cleanups.push(() => database.close());
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(database.kysely);
    expect(rows.map(({ name }) => name)).toContain('0001-registrations-and-call-records');
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
});

describe('what a crash of the machine leaves', () => {
  it.each([
    ['of nobody', 4_194_303],
    ['of a stranger that lives', process.pid],
  ])('lock files %s do not keep the server from starting', async (_, pid) => {
    const folder = newFolder();
    await (await open(folder)).close();
    const cluster = join(folder, 'cluster');
    writeFileSync(join(cluster, 'postmaster.pid'), `${pid}\n/proc/self/cwd\n1\n5432\n.\n\n 1 2\nready\n`);
    writeFileSync(join(cluster, '.s.PGSQL.5432.lock'), `${pid}\n/proc/self/cwd\n1\n5432\n.\n`);
    writeFileSync(join(cluster, '.s.PGSQL.5432'), '');
    expect(await idsOf(await open(folder))).toEqual([]);
  });

  it('a half-made cluster is made again', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'cluster.making-4194303/base'), { recursive: true });
    expect(await idsOf(await open(folder))).toEqual([]);
    expect(statSync(join(folder, 'cluster.making-4194303'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('a folder that is unfit', () => {
  it('is refused where it was made by another version', async () => {
    const folder = newFolder();
    await (await open(folder)).close();
    writeFileSync(join(folder, 'cluster/PG_VERSION'), '17\n');
    await expect(open(folder)).rejects.toThrow('was made by PostgreSQL 17, and this is 18.');
  });

  it('is refused where it holds no whole cluster', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'cluster'), { recursive: true });
    writeFileSync(join(folder, 'cluster/precious'), '');
    await expect(open(folder)).rejects.toThrow('holds no whole database cluster.');
  });

  it('names a server that does not start in its own words', async () => {
    const folder = newFolder();
    await (await open(folder)).close();
    rmSync(join(folder, 'cluster/pg_wal'), { recursive: true });
    await expect(open(folder)).rejects.toThrow('does not start: ');
  });

  it('may have a path longer than that of a socket can be', async () => {
    const folder = join(newFolder(), 'a'.repeat(120));
    const database = await openDatabase({ folder }, { warn: () => undefined });
    expect(await idsOf(database)).toEqual([]);
    await database.close();
  });
});

describe.skipIf(process.getuid?.() !== 0)('users', () => {
  const nobody = { uid: 65_534, gid: 65_534 };

  /** A folder a normal user may write to. */
  function folderOf(user: { uid: number; gid: number }): string {
    const folder = newFolder();
    chmodSync(join(folder, '..'), 0o755);
    mkdirSync(folder);
    chownSync(folder, user.uid, user.gid);
    return folder;
  }

  it('a normal user can open one, and root after it, as that user', async () => {
    const folder = folderOf(nobody);
    const first = startDatabaseProcess('folder', folder, 'close', nobody);
    expect(await first.ended(), first.complaint()).toEqual({ code: 0, signal: null });
    expect(await idsOf(await open(folder))).toEqual([]);
    expect(statSync(`/proc/${postmasterOf(folder)}`).uid).toBe(nobody.uid);
  });

  it('root runs the server as nobody, in a folder only root may enter', async () => {
    const folder = newFolder();
    await open(folder);
    expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(`/proc/${postmasterOf(folder)}`).uid).toBe(nobody.uid);
  });

  it('another user is refused, and told whose it is', async () => {
    const folder = folderOf(nobody);
    await (await open(folder)).close();
    const other = startDatabaseProcess('folder', folder, 'close', { uid: 12_345, gid: 12_345 });
    expect(await other.ended()).toMatchObject({ code: 1 });
    expect(other.complaint()).toContain('belongs to the user with id 65534, and this process runs as 12345.');
  });

  it('a cluster that was copied as root is refused with the command that mends it', async () => {
    const folder = newFolder();
    await (await open(folder)).close();
    chownSync(join(folder, 'cluster'), 0, 0);
    await expect(open(folder)).rejects.toThrow(`chown -R 65534:65534 ${join(folder, 'cluster')}`);
  });
});
