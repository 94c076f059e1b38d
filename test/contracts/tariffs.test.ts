import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createInProcessBus } from '../../src/adapters/bus/index.ts';
import { MemoryTariffs } from '../../src/adapters/memory/index.ts';
import { createTariffStore, type OpenDatabase } from '../../src/adapters/postgres/index.ts';
import { type TariffRow, versionInForce } from '../../src/domain/billing/tariffs/index.ts';
import { exportTariff } from '../../src/services/export-tariff.ts';
import { allowImport, begunImport, type ImportTariff, runImport } from '../../src/services/import-tariff.ts';
import { Tariffs } from '../../src/services/keep-tariffs.ts';
import type { TariffImport, TariffStore } from '../../src/services/ports/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { CARRIER_USD, rateOf, rowOf } from '../support/tariff-rows.ts';

describe('tariffs (memory)', () => contract(async () => new MemoryTariffs()));
for (const server of DATABASES) {
  describeDatabase(server, 'tariffs', (fresh) => {
    contract(async () => createTariffStore((await fresh()).kysely));
    ofDatabases(fresh);
  });
}

const OPERATOR = { role: 'operator' as const, userId: 'op' };

async function* batches(...all: readonly (readonly TariffRow[])[]) {
  yield* all;
}

async function collected(rows: AsyncIterable<readonly TariffRow[]>): Promise<TariffRow[]> {
  const all: TariffRow[] = [];
  for await (const batch of rows) all.push(...batch);
  return all;
}

/** Publishes rows as the next version, at a moment. */
async function publish(
  store: TariffStore,
  atMs: number,
  rows: readonly TariffRow[],
  effectiveFromMs?: number,
) {
  const { versions = [] } = (await store.find('kt-usd')) ?? {};
  const effective = effectiveFromMs === undefined ? {} : { effectiveFromMs };
  const draft = { tariff: 'kt-usd', afterNumber: versions.length, rows: batches(rows), ...effective };
  return store.publish(draft, () => atMs);
}

/** Imports as the service does; the time stands still. */
async function imported(
  store: TariffStore,
  text: string,
  wish: Partial<ImportTariff> = {},
  onProgress: (job: TariffImport) => void = () => undefined,
): Promise<TariffImport> {
  let ids = 0;
  const ports = {
    tariffs: store,
    clock: { nowMs: () => 1_000 },
    identifiers: { next: () => `import-${++ids}` },
    bus: createInProcessBus((error) => {
      throw error;
    }),
  };
  const command: ImportTariff = { actor: OPERATOR, tariff: 'kt-usd', text, mode: 'replace', ...wish };
  const allowed = await allowImport(ports, command);
  if (!allowed.ok) throw new Error(allowed.refusal.code);
  const begun = begunImport(ports, allowed.value);
  return runImport(ports, allowed.value, begun, {
    pause: async () => undefined,
    untilInForce: async () => undefined,
    onProgress,
  });
}

async function exported(store: TariffStore): Promise<string> {
  const found = await exportTariff(
    { tariffs: store, clock: { nowMs: () => 1_000 } },
    { actor: OPERATOR, name: 'kt-usd' },
  );
  if (!found.ok) return found.refusal.code;
  let text = '';
  for await (const piece of found.value.text) text += piece;
  return text;
}

/** A deck of so many lines; each two hundredth of a faulty one is wrong in one of several ways. */
function deckOf(lines: number, isFaulty = false): string {
  const wrong = [
    '5.4E+11,x,1,0,1,1',
    '821,x,abc,0,1,1',
    '821,x,0.1234567,0,1,1',
    '821,x,1,0,0,1',
    '821,"x,1,0,1,1',
  ];
  const rows = Array.from({ length: lines }, (_, at) =>
    isFaulty && at % 200 === 98
      ? wrong[((at - 98) / 200) % wrong.length]
      : `${1_000_000 + at},Zone ${at % 500},0.0${1 + (at % 80)},0,60,60`,
  );
  return `prefix,destination,rate_per_minute,connect_fee,initial_increment,next_increment\n${rows.join('\n')}\n`;
}

function contract(open: () => Promise<TariffStore>): void {
  const withTariff = async () => {
    const store = await open();
    await store.create(CARRIER_USD);
    return store;
  };

  it('R23: gives a tariff back as it was made, and the first of two of one name', async () => {
    const store = await open();
    expect(await store.find('kt-usd')).toBeUndefined();
    expect(await store.create(CARRIER_USD)).toEqual(CARRIER_USD);
    expect(await store.create({ ...CARRIER_USD, currency: 'KRW' })).toEqual(CARRIER_USD);
    const retail = { ...CARRIER_USD, name: 'a', kind: 'retail' as const };
    await store.create(retail);
    expect(await store.find('kt-usd')).toEqual({ tariff: CARRIER_USD, versions: [] });
    expect(await store.all()).toEqual([
      { tariff: retail, versions: [] },
      { tariff: CARRIER_USD, versions: [] },
    ]);
  });

  it('R23: gives rows back letter by letter, in their order', async () => {
    const store = await withTariff();
    const dear = rateOf(2n ** 60n, {
      connectFeeMicros: 1n,
      initialIncrementSeconds: 30,
      nextIncrementSeconds: 6,
      minimumMicros: 7n,
      freeSeconds: 9,
    });
    const rows: TariffRow[] = [
      rowOf('82', 0n, { effectiveToMs: 1_700_000_000_000 }),
      rowOf('82', 5n, { effectiveFromMs: 1_700_000_000_000, destination: 'Korea, "서울"' }),
      { prefix: '8210', destination: '', status: 'blocked' },
      { prefix: '8211', destination: 'x', status: 'blocked', rate: dear },
      { prefix: 'operator:tello:070', destination: '', status: 'open', rate: dear },
    ];
    expect(await publish(store, 50, rows)).toEqual({
      tariff: 'kt-usd',
      number: 1,
      effectiveFromMs: 50,
      publishedAtMs: 50,
      rowCount: 5,
    });
    expect(await collected(store.rows({ tariff: 'kt-usd', number: 1 }))).toEqual(rows);
    expect(await collected(store.rows({ tariff: 'kt-usd', number: 2 }))).toEqual([]);
    expect(await collected(store.rows({ tariff: 'never', number: 1 }))).toEqual([]);
  });

  it('R23: keeps every version, and takes one back for good', async () => {
    const store = await withTariff();
    await publish(store, 10, [rowOf('82', 1n)]);
    await publish(store, 20, [rowOf('82', 2n)]);
    expect(await store.takeBack('kt-usd', 2, 30)).toMatchObject({ number: 2, takenBackAtMs: 30 });
    expect(await store.takeBack('kt-usd', 2, 40)).toMatchObject({ number: 2, takenBackAtMs: 30 });
    expect(await store.takeBack('kt-usd', 3, 40)).toBeUndefined();
    expect(await store.takeBack('never', 1, 40)).toBeUndefined();
    const { versions = [] } = (await store.find('kt-usd')) ?? {};
    expect([15, 25, 35].map((atMs) => versionInForce(versions, atMs)?.number)).toEqual([1, 2, 1]);
    expect(await collected(store.rows({ tariff: 'kt-usd', number: 2 }))).toHaveLength(1);
    expect((await store.all())[0]?.versions).toEqual(versions);
  });

  it('counts from when it was wished, or from its publication where that is later', async () => {
    const store = await withTariff();
    expect((await publish(store, 10, [rowOf('82', 1n)], 500))?.effectiveFromMs).toBe(500);
    expect((await publish(store, 600, [rowOf('82', 2n)], 500))?.effectiveFromMs).toBe(600);
  });

  it('publishes one of several that were thought out at once', async () => {
    const store = await withTariff();
    const drafts = [1n, 2n, 3n].map((micros) => ({
      tariff: 'kt-usd',
      afterNumber: 0,
      rows: batches([rowOf('82', micros)]),
    }));
    const made = await Promise.all(drafts.map((draft) => store.publish(draft, () => 10)));
    expect(made.filter((version) => version !== undefined)).toHaveLength(1);
    expect((await store.find('kt-usd'))?.versions).toHaveLength(1);
    const unknown = { tariff: 'never', afterNumber: 0, rows: batches([rowOf('82', 1n)]) };
    expect(await store.publish(unknown, () => 10)).toBeUndefined();
  });

  it('has nothing of a version whose rows end in the middle', async () => {
    const store = await withTariff();
    await publish(store, 10, [rowOf('82', 1n)]);
    const broken = async function* () {
      yield [rowOf('1', 1n)];
      throw new Error('the process stops in the middle');
    };
    const draft = { tariff: 'kt-usd', afterNumber: 1, rows: broken() };
    await expect(store.publish(draft, () => 20)).rejects.toThrow('in the middle');
    expect((await store.find('kt-usd'))?.versions).toHaveLength(1);
    expect((await publish(store, 30, [rowOf('82', 2n)]))?.number).toBe(2);
    expect(await collected(store.rows({ tariff: 'kt-usd', number: 2 }))).toEqual([rowOf('82', 2n)]);
  });

  it('keeps how an import goes', async () => {
    const store = await withTariff();
    const job = await imported(store, deckOf(3), { isDryRun: true });
    expect(await store.findImport(job.id)).toBeUndefined();
    await store.saveImport({ ...job, state: 'reading' });
    await store.saveImport(job);
    expect(await store.findImport(job.id)).toEqual(job);
  });

  it('R23: a deck of 100 000 lines with 500 faults names each, and the rest can be used, in seconds', async () => {
    const store = await withTariff();
    const text = deckOf(100_000, true);
    const planted = Array.from({ length: 500 }, (_, at) => 100 + at * 200);
    const startedAtMs = performance.now();
    const refused = await imported(store, text);
    expect([refused.state, refused.refusal?.code, refused.faultCount]).toEqual([
      'refused',
      'tariff-lines-faulty',
      500,
    ]);
    expect(refused.faults.map(({ line }) => line)).toEqual(planted);
    expect(refused.faults.every(({ detail }) => detail.length > 10)).toBe(true);
    expect((await store.find('kt-usd'))?.versions).toEqual([]);
    const progress: TariffImport[] = [];
    const made = await imported(store, text, { skipsFaulty: true }, (job) => progress.push(job));
    expect(performance.now() - startedAtMs).toBeLessThan(20_000);
    expect(made).toMatchObject({ state: 'published', version: 1, rowsStored: 99_500, linesTotal: 100_001 });
    expect(made.differences?.counts.added).toBe(99_500);
    const read = progress.filter(({ state }) => state === 'reading').map(({ linesRead }) => linesRead);
    expect(new Set(read).size).toBeGreaterThan(20);
    expect(progress.filter(({ state }) => state === 'storing').length).toBeGreaterThan(10);
  });

  it('R23: what is exported can be imported again, and is the same bytes', async () => {
    const store = await withTariff();
    await imported(store, deckOf(12_345));
    const text = await exported(store);
    expect(text.split('\n')).toHaveLength(12_347);
    expect((await imported(store, text)).state).toBe('unchanged');
    await imported(store, 'code,rate\n1,1\n');
    expect((await imported(store, text)).state).toBe('published');
    expect(await exported(store)).toBe(text);
  });

  it('R23: a failure of any step publishes the whole or nothing, and a repetition ends well', async () => {
    const steps = ['find', 'rows', 'publish'] as const;
    for (const step of steps) {
      for (const when of ['before', 'after'] as const) {
        const store = await withTariff();
        await imported(store, 'code,rate\n82,1\n81,1\n');
        const lost = new Error('the connection was lost');
        const failing = new Proxy(store, {
          get(target, name: keyof TariffStore) {
            const call = (target[name] as (...given: never[]) => unknown).bind(target);
            if (name !== step) return call;
            return (...given: never[]) => {
              if (when === 'before') throw lost;
              const answer = call(...given);
              return answer instanceof Promise ? answer.then(() => Promise.reject(lost)) : brokenOff(answer);
            };
          },
        });
        const brokenOff = async function* (answer: unknown) {
          for await (const batch of answer as AsyncIterable<readonly TariffRow[]>) {
            yield batch.slice(0, 1);
            throw lost;
          }
        };
        await expect(imported(failing, 'code,rate\n82,2\n81,2\n'), `${step} ${when}`).rejects.toThrow(lost);
        const isDone = step === 'publish' && when === 'after';
        const rates = (text: string) => [...text.matchAll(/^\d+,,(\d)/gm)].map(([, rate]) => rate).join('');
        expect(rates(await exported(store)), `${step} ${when}`).toBe(isDone ? '22' : '11');
        expect((await imported(store, 'code,rate\n82,2\n81,2\n')).state).toBe(
          isDone ? 'unchanged' : 'published',
        );
        expect(rates(await exported(store))).toBe('22');
      }
    }
  });
}

function ofDatabases(fresh: () => Promise<OpenDatabase>): void {
  it('R23: has nothing of a version whose process is gone in the middle, and the next one is not kept waiting', async () => {
    const database = await fresh();
    const store = createTariffStore(database.kysely);
    await store.create(CARRIER_USD);
    await publish(store, 10, [rowOf('82', 1n)]);
    const killed = async function* () {
      yield [rowOf('1', 1n)];
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where state = 'idle in transaction' and query like '%insert into tariff_rows%'
          and datname = current_database()
      `.execute(database.kysely);
      yield [rowOf('2', 1n)];
    };
    const draft = { tariff: 'kt-usd', afterNumber: 1, rows: killed() };
    await expect(store.publish(draft, () => 20)).rejects.toThrow();
    expect((await store.find('kt-usd'))?.versions.map(({ number }) => number)).toEqual([1]);
    const left = await sql<{ rows: bigint }>`select count(*) as rows from tariff_rows`.execute(
      database.kysely,
    );
    expect(left.rows[0]?.rows).toBe(1n);
    expect((await publish(store, 30, [rowOf('82', 2n)]))?.number).toBe(2);
  });

  it('shows nobody a version before its last row is stored', async () => {
    const store = createTariffStore((await fresh()).kysely);
    await store.create(CARRIER_USD);
    const seen: unknown[] = [];
    const watched = async function* () {
      yield [rowOf('1', 1n)];
      seen.push(
        (await store.find('kt-usd'))?.versions,
        await collected(store.rows({ tariff: 'kt-usd', number: 1 })),
      );
      yield [rowOf('2', 1n)];
    };
    await store.publish({ tariff: 'kt-usd', afterNumber: 0, rows: watched() }, () => 20);
    expect(seen).toEqual([[], []]);
    expect(await collected(store.rows({ tariff: 'kt-usd', number: 1 }))).toHaveLength(2);
  });

  it('refuses a row that no deck can have', async () => {
    const store = createTariffStore((await fresh()).kysely);
    await store.create(CARRIER_USD);
    await expect(publish(store, 10, [rowOf('82', -1n)])).rejects.toThrow();
    await expect(
      publish(store, 10, [rowOf('82', 1n, { effectiveFromMs: 5, effectiveToMs: 5 })]),
    ).rejects.toThrow();
  });

  it('R23: a million rows are stored and in memory in seconds', async () => {
    const store = createTariffStore((await fresh()).kysely);
    await store.create(CARRIER_USD);
    const MILLION = 1_000_000;
    const made = async function* () {
      for (let from = 0; from < MILLION; from += 5_000) {
        yield Array.from({ length: 5_000 }, (_, at) =>
          rowOf(String(1_000_000 + from + at), BigInt(at % 700)),
        );
      }
    };
    const startedAtMs = performance.now();
    await store.publish({ tariff: 'kt-usd', afterNumber: 0, rows: made() }, () => 20);
    const storedAtMs = performance.now();
    const tariffs = await Tariffs.load({
      store,
      bus: { publish() {}, subscribe() {} },
      clock: { nowMs: () => 30 },
      onTrouble: (what, error) => {
        throw new Error(what, { cause: error });
      },
    });
    const loadedAtMs = performance.now();
    expect(tariffs.rowFor('kt-usd', '19999991234', 30)).toMatchObject({
      kind: 'open',
      row: { prefix: '1999999', rate: { perMinuteMicros: 99n } },
      versionId: 'kt-usd@1',
    });
    expect(storedAtMs - startedAtMs).toBeLessThan(60_000);
    expect(loadedAtMs - storedAtMs).toBeLessThan(20_000);
  });
}
