import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import {
  createCallRecordStore,
  type Database,
  type OpenDatabase,
} from '../../src/adapters/postgres/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

const program = resolve(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

for (const server of DATABASES) {
  describeDatabase(server, 'three processes', (fresh) => {
    it('R1: one that is killed is noticed within seconds, and its calls are ended once', async () => {
      const { kysely, url } = await fresh();
      const [, , us] = await Promise.all([
        serve(url, 'KR', '127.0.0.1'),
        serve(url, 'JP', '127.0.0.2'),
        serve(url, 'US', '127.0.0.3'),
      ]);
      const all = await processesOf(kysely);
      expect(all.map(({ centres }) => centres?.join()).sort()).toEqual(['JP', 'KR', 'US']);
      const lives: Record<string, string> = {};
      for (const { id, centres } of all) {
        lives[centres?.join() ?? ''] = id;
        await createCallRecordStore(kysely, id).save([answered(id)]);
      }
      const startedAt = performance.now();
      us?.kill('SIGKILL');
      await expect
        .poll(async () => (await processesOf(kysely)).length, { timeout: 10_000, interval: 20 })
        .toBe(2);
      const store = createCallRecordStore(kysely);
      await expect
        .poll(async () => (await store.find(lives['US'] ?? ''))?.endedAtMs, { timeout: 5_000, interval: 20 })
        .toBe(LAST_SEEN_MS);
      const noticedMs = performance.now() - startedAt;
      console.log(`noticed and recorded after ${Math.round(noticedMs)} ms (${server.name})`);
      expect(noticedMs).toBeLessThan(8_000);
      for (const centre of ['KR', 'JP']) {
        expect((await store.find(lives[centre] ?? ''))?.endedAtMs).toBeUndefined();
      }
    });

    it('one that is told to end is gone at once', async () => {
      const { kysely, url } = await fresh();
      const kr = await serve(url, 'KR', '127.0.0.1');
      expect(await processesOf(kysely)).toHaveLength(1);
      kr.kill('SIGTERM');
      await once(kr, 'exit');
      expect(await processesOf(kysely)).toEqual([]);
    });
  });
}

const LAST_SEEN_MS = 1_793_000_002_000;

function answered(id: string) {
  const times = { startedAtMs: LAST_SEEN_MS - 2_000, answeredAtMs: LAST_SEEN_MS, lastSeenAtMs: LAST_SEEN_MS };
  return { id, status: 'answered' as const, dialled: '6200-6200#082', ...times };
}

function processesOf(
  kysely: OpenDatabase['kysely'],
): Promise<Pick<Database['processes'], 'id' | 'centres'>[]> {
  return kysely.selectFrom('processes').select(['id', 'centres']).execute();
}

/** A process of the service, until the test is over. */
async function serve(url: string, centre: string, address: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--centre', centre], {
    env: {
      ...process.env,
      DATABASE_URL: url,
      OMNIDIAL_HTTP: `${address}:0`,
      OMNIDIAL_SIP: `${address}:0`,
      OMNIDIAL_LOG: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready')) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error('The process ended before it was ready.');
}
