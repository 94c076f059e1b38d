import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openSharedBus } from '../../src/adapters/bus/index.ts';
import { TimerLists } from '../../src/adapters/clock/index.ts';
import {
  createCallRecordStore,
  createMarketAndMemberStores,
  createProcessStore,
  createRegistrationStore,
  loadProcessSignatures,
  type OpenDatabase,
  openDatabase,
} from '../../src/adapters/postgres/index.ts';
import { memberAccount } from '../../src/domain/billing/ledger/index.ts';
import { Directory } from '../../src/services/directory.ts';
import type { CallRecord, DirectoryChange, NumberInService } from '../../src/services/ports/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

const NOW_MS = 1_793_000_000_000;

for (const server of DATABASES) {
  describeDatabase(server, 'processes', (fresh) => {
    it('each is told of the others, and how long they have been silent by the clock of the database', async () => {
      const { kysely } = await fresh();
      const store = createProcessStore(kysely);
      const kr = {
        id: 'a',
        place: 'one',
        centres: ['KR', 'JP'],
        address: '127.0.0.1:5060',
        isDraining: false,
      };
      expect(await store.beat(kr)).toEqual([]);
      await silence(kysely, 'a', 5_000);
      const all = await store.beat({ id: 'b', place: 'two', isDraining: true });
      expect(all).toEqual([{ ...kr, silentMs: expect.any(Number) }]);
      expect(all[0]?.silentMs).toBeGreaterThanOrEqual(5_000);
      const [, own] = await store.beat({ id: 'b', place: 'two', isDraining: true });
      expect(own).toMatchObject({ id: 'b', isDraining: true });
    });

    it('removes the silent ones once, whoever notices', async () => {
      const { kysely } = await fresh();
      const store = createProcessStore(kysely);
      for (const id of ['dead', 'alive']) await store.beat({ id, place: id, isDraining: false });
      await silence(kysely, 'dead', 5_000);
      const removed = await Promise.all([1, 2, 3].map(() => store.removeSilent(3_000)));
      expect(removed.reduce((one, other) => one + other)).toBe(1);
      expect((await store.beat({ id: 'x', place: 'x', isDraining: false })).map(({ id }) => id)).toEqual([
        'alive',
      ]);
    });

    it('ends the calls of dead processes once, and no call of one that lives', async () => {
      const { kysely } = await fresh();
      const processes = createProcessStore(kysely);
      for (const id of ['dead', 'alive']) {
        await processes.beat({ id, place: id, isDraining: false });
        await createCallRecordStore(kysely, id).save([answered(`${id}-1`), answered(`${id}-2`)]);
      }
      const store = createCallRecordStore(kysely, 'alive');
      expect(await store.closeOpen()).toBe(0);
      await processes.leave('dead');
      const closed = await Promise.all([1, 2, 3, 4].map(() => store.closeOpen()));
      expect(closed.reduce((one, other) => one + other)).toBe(2);
      expect(await store.find('dead-1')).toMatchObject({
        status: 'completed',
        endedAtMs: NOW_MS + 2_000,
        hungUpBy: 'exchange',
      });
      expect((await store.find('alive-1'))?.endedAtMs).toBeUndefined();
    });

    it('R23: credit that a dead process kept back for a call it never recorded is free again', async () => {
      const { kysely } = await fresh();
      const processes = createProcessStore(kysely);
      const { ledger } = createMarketAndMemberStores(kysely);
      const slice = { currency: 'KRW', micros: 60n, purpose: 'call', atMs: NOW_MS } as const;
      const account = memberAccount('mina');
      await ledger.write([
        {
          ...slice,
          kind: 'posted',
          id: 'top-up',
          debit: 'bank',
          credit: account,
          subject: 'bill/1',
          micros: 200n,
        },
      ]);
      for (const holder of ['dead', 'alive']) {
        await processes.beat({ id: holder, place: holder, isDraining: false });
        const subject = `call/${holder}/sale`;
        const about = { ...slice, debit: account, credit: 'call-revenue', subject } as const;
        await ledger.reserve([
          { ...about, kind: 'pending', id: `of ${holder}`, expiresAtMs: NOW_MS + 60_000, holder },
        ]);
      }
      expect(await ledger.freeAbandoned(NOW_MS)).toBe(0);
      await processes.leave('dead');
      const freed = await Promise.all([1, 2, 3].map(() => ledger.freeAbandoned(NOW_MS)));
      // Each of them sees it ended, whoever did it.
      expect(Math.max(...freed)).toBe(1);
      expect(await ledger.balance(account, 'KRW')).toMatchObject({ pendingMicros: 60n });
    });

    it('R18: bindings belong to the place where they were made, and the others know who serves them', async () => {
      const { kysely } = await fresh();
      const processes = createProcessStore(kysely);
      await processes.beat({ id: 'a', place: 'one', isDraining: false });
      const [one, two] = ['one', 'two'].map((place) => createRegistrationStore(kysely, place));
      await one?.save([{ terminalId: 'desk', bindings: [BINDING] }]);
      await two?.save([{ terminalId: 'desk', bindings: [BINDING] }]);
      await two?.save([{ terminalId: 'desk', bindings: [] }]);
      expect(await one?.load(NOW_MS)).toEqual([{ terminalId: 'desk', bindings: [BINDING] }]);
      expect(await two?.load(NOW_MS)).toEqual([]);
      expect(await two?.elsewhere(NOW_MS)).toEqual([{ terminalId: 'desk', processId: 'a' }]);
      expect(await one?.elsewhere(NOW_MS)).toEqual([]);
      await processes.leave('a');
      expect(await two?.elsewhere(NOW_MS)).toEqual([]);
    });

    it('know each other by a signature of the text and the moment', async () => {
      const { kysely } = await fresh();
      let nowMs = NOW_MS;
      const clock = { nowMs: () => nowMs };
      const [one, other] = await Promise.all([1, 2].map(() => loadProcessSignatures(kysely, clock)));
      const signature = one?.sign('INVITE sip:desk') ?? '';
      expect(other?.verify('INVITE sip:desk', signature)).toBe(true);
      expect(other?.verify('INVITE sip:desk2', signature)).toBe(false);
      expect(other?.verify('INVITE sip:desk', signature.replace(/\d/, '0'))).toBe(false);
      for (const nonsense of ['', '.', 'x'.repeat(10_000)]) expect(other?.verify('', nonsense)).toBe(false);
      nowMs += 31_000;
      expect(other?.verify('INVITE sip:desk', signature)).toBe(false);
    });

    it('hear every change of the others within a second and in order, however long it is', async () => {
      const { url } = await fresh();
      const [one, two] = [await join(url, 'one'), await join(url, 'two')];
      const changes: DirectoryChange[] = Array.from({ length: 1_200 }, (_, place) => ({
        kind: 'terminal-removed',
        terminalId: `${place}`,
      }));
      changes.splice(600, 0, { kind: 'terminal-removed', terminalId: '전화"\\\u0001'.repeat(4_000) });
      // The same change twice is two changes.
      changes.push({ kind: 'terminal-removed', terminalId: '7' });
      for (const change of changes) one.bus.publish(change);
      expect(one.heard).toEqual(changes);
      await expect.poll(() => two.heard.length, { timeout: 5_000 }).toBe(changes.length);
      expect(two.heard).toEqual(changes);
      const startedAt = performance.now();
      two.bus.publish({ kind: 'terminal-removed', terminalId: 'last' });
      await expect.poll(() => one.heard.length, { interval: 1 }).toBe(changes.length + 1);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      await Promise.all([one.close(), two.close()]);
    });

    it('a notice that is nonsense harms nobody', async () => {
      const { url } = await fresh();
      const one = await join(url, 'one');
      for (const text of [
        '',
        'null',
        '{',
        '{"from":"x","part":0,"of":1,"text":"{"}',
        '{"from":"x","part":3,"of":9}',
      ]) {
        await sql`select pg_notify('omnidial_changes', ${text})`.execute(one.database.kysely);
      }
      const two = await join(url, 'two');
      two.bus.publish({ kind: 'terminal-removed', terminalId: 'a' });
      await expect.poll(() => one.heard).toEqual([{ kind: 'terminal-removed', terminalId: 'a' }]);
      await Promise.all([one.close(), two.close()]);
    });

    it('what was missed while notices could not be heard is read again', async () => {
      const { url } = await fresh();
      const one = await join(url, 'one');
      const numbers: NumberInService[] = [];
      const store = directoryOf(numbers);
      const directory = await Directory.load(store, one.bus);
      one.bus.onGap(() => directory.reload(store));
      // Assigned, and told to nobody: as if its notice had come while the connection was away.
      numbers.push({ digits: '62006200', kind: 'enterprise', memberId: 'acme' });
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where query = 'listen "omnidial_changes"' and datname = current_database()
      `.execute(one.database.kysely);
      await expect.poll(() => directory.holderOf('enterprise', '62006200'), { timeout: 5_000 }).toBe('acme');
      await one.close();
    });
  });
}

const BINDING = {
  contact: 'sip:desk@192.0.2.7',
  flow: { transport: 'udp' as const, address: '192.0.2.7', port: 5060 },
  callId: 'a84b4c76e66710',
  cseq: 1,
  priority: 1000,
  expiresAtMs: NOW_MS + 60_000,
};

function answered(id: string): CallRecord {
  return {
    id,
    status: 'answered',
    dialled: '6200-6200#082',
    startedAtMs: NOW_MS,
    answeredAtMs: NOW_MS + 2_000,
    lastSeenAtMs: NOW_MS + 2_000,
  };
}

/** Makes a process as silent as if it had died that long ago. */
async function silence(kysely: OpenDatabase['kysely'], id: string, ms: number): Promise<void> {
  await sql`
    update processes set heartbeat_at = clock_timestamp() - ${ms} * interval '1 millisecond' where id = ${id}
  `.execute(kysely);
}

async function join(url: string, self: string) {
  const database = await openDatabase({ url }, { warn: () => undefined });
  const timers = new TimerLists();
  const heard: DirectoryChange[] = [];
  const bus = await openSharedBus({
    kysely: database.kysely,
    listen: database.listen,
    timers,
    self,
    onError: () => undefined,
  });
  bus.subscribe((change) => heard.push(change));
  const close = async () => {
    await bus.close();
    timers.close();
    await database.close();
  };
  return { database, bus, heard, close };
}

function directoryOf(numbers: readonly NumberInService[]) {
  async function* none() {}
  return {
    async *numbers() {
      await sleep(1);
      yield numbers;
    },
    branches: none,
    terminals: none,
    aliases: none,
    followMes: none,
  };
}
