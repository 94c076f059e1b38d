import { describe, expect, it } from 'vitest';
import { CARRIER_USD, rowOf } from '../../test/support/tariff-rows.ts';
import { createInProcessBus } from '../adapters/bus/index.ts';
import { MemoryTariffs } from '../adapters/memory/index.ts';
import { numberAtOperator, type TariffRow } from '../domain/billing/tariffs/index.ts';
import { Tariffs } from './keep-tariffs.ts';
import type { TariffStore } from './ports/index.ts';

const HOUR_MS = 3_600_000;

async function* batches(...rows: readonly TariffRow[]) {
  yield rows;
}

/** A store with one tariff, a clock that a test moves, and how often rows were read. */
async function world() {
  const memory = new MemoryTariffs();
  const time = { nowMs: 0 };
  const readVersions: number[] = [];
  const trouble: string[] = [];
  let fails = false;
  const store: TariffStore = Object.assign(Object.create(memory), {
    create: memory.create.bind(memory),
    all: memory.all.bind(memory),
    publish: memory.publish.bind(memory),
    takeBack: memory.takeBack.bind(memory),
    find: async (name: string) => {
      if (fails) throw new Error('the database does not answer');
      return memory.find(name);
    },
    rows: (version: { tariff: string; number: number }) => {
      readVersions.push(version.number);
      return memory.rows(version);
    },
  });
  await store.create(CARRIER_USD);
  const bus = createInProcessBus((error) => {
    throw error;
  });
  const changed = () => bus.publish({ kind: 'tariff-changed', tariff: 'kt-usd' });
  return {
    store,
    time,
    readVersions,
    trouble,
    changed,
    fail: (does: boolean) => {
      fails = does;
    },
    load: () =>
      Tariffs.load({
        store,
        bus,
        clock: { nowMs: () => time.nowMs },
        onTrouble: (what) => trouble.push(what),
      }),
    publish: async (rows: readonly TariffRow[], effectiveFromMs: number) => {
      const afterNumber = (await memory.find('kt-usd'))?.versions.length ?? 0;
      const draft = { tariff: 'kt-usd', afterNumber, effectiveFromMs, rows: batches(...rows) };
      await store.publish(draft, () => time.nowMs);
    },
  };
}

function versionAt(tariffs: Tariffs, atMs: number): string | undefined {
  return tariffs.rowFor('kt-usd', '821012345678', atMs)?.versionId;
}

describe('R23: tariffs in memory', () => {
  it('say what a number costs, that it is blocked, or nothing', async () => {
    const { load, publish } = await world();
    const blocked: TariffRow = { prefix: '8250', destination: 'premium', status: 'blocked' };
    await publish([rowOf('82', 5n), blocked, rowOf('operator:tello', 7n)], 0);
    const tariffs = await load();
    expect(tariffs.find('kt-usd')).toEqual(CARRIER_USD);
    expect(tariffs.find('never')).toBeUndefined();
    expect(tariffs.rowFor('kt-usd', '821012345678', 0)).toEqual({
      kind: 'open',
      row: rowOf('82', 5n),
      versionId: 'kt-usd@1',
    });
    expect(tariffs.rowFor('kt-usd', '82501', 0)).toEqual({
      kind: 'blocked',
      row: blocked,
      versionId: 'kt-usd@1',
    });
    expect(tariffs.rowFor('kt-usd', numberAtOperator('tello', '070'), 0)?.row.prefix).toBe('operator:tello');
    expect(tariffs.rowFor('kt-usd', '1', 0)).toBeUndefined();
    expect(tariffs.rowFor('never', '82', 0)).toBeUndefined();
  });

  it('change at the time of a version, without anybody doing anything', async () => {
    const { load, publish } = await world();
    await publish([rowOf('82', 1n)], 0);
    await publish([rowOf('82', 2n)], 100 * HOUR_MS);
    const tariffs = await load();
    expect([0, 100 * HOUR_MS - 1, 100 * HOUR_MS].map((atMs) => versionAt(tariffs, atMs))).toEqual([
      'kt-usd@1',
      'kt-usd@1',
      'kt-usd@2',
    ]);
  });

  it('hear of a new version, of one that is taken back, and of a new tariff, and read no version twice', async () => {
    const { load, publish, changed, store, readVersions, time } = await world();
    await publish([rowOf('82', 1n)], 0);
    const tariffs = await load();
    time.nowMs = 10;
    await publish([rowOf('82', 2n)], 10);
    expect(versionAt(tariffs, 10)).toBe('kt-usd@1');
    changed();
    await tariffs.refresh();
    expect([versionAt(tariffs, 9), versionAt(tariffs, 10)]).toEqual(['kt-usd@1', 'kt-usd@2']);
    await store.takeBack('kt-usd', 2, 50);
    changed();
    await tariffs.refresh();
    expect([versionAt(tariffs, 49), versionAt(tariffs, 50)]).toEqual(['kt-usd@2', 'kt-usd@1']);
    await store.create({ ...CARRIER_USD, name: 'other' });
    await tariffs.reload();
    expect(tariffs.find('other')?.name).toBe('other');
    expect(readVersions).toEqual([1, 2]);
  });

  it('keep what they know where the store fails, and read it the next time', async () => {
    const { load, publish, changed, fail, trouble } = await world();
    await publish([rowOf('82', 1n)], 0);
    const tariffs = await load();
    await publish([rowOf('82', 2n)], 0);
    fail(true);
    changed();
    await tariffs.refresh();
    expect([versionAt(tariffs, 0), trouble.length]).toEqual(['kt-usd@1', 1]);
    fail(false);
    await tariffs.refresh();
    expect(versionAt(tariffs, 0)).toBe('kt-usd@2');
  });

  it('read at the start no version whose time is over', async () => {
    const { load, publish, time, readVersions } = await world();
    await publish([rowOf('82', 1n)], 0);
    time.nowMs = HOUR_MS;
    await publish([rowOf('82', 2n)], HOUR_MS);
    const tariffs = await load();
    expect([versionAt(tariffs, HOUR_MS), readVersions]).toEqual(['kt-usd@2', [2]]);
  });

  it('forget a version a day after it was in force, and none that calls still ask for', async () => {
    const { load, publish, time } = await world();
    await publish([rowOf('82', 1n)], 0);
    await publish([rowOf('82', 2n)], HOUR_MS);
    const tariffs = await load();
    time.nowMs = 24 * HOUR_MS;
    await tariffs.refresh();
    expect(versionAt(tariffs, 0)).toBe('kt-usd@1');
    time.nowMs = 25 * HOUR_MS;
    await tariffs.refresh();
    expect([versionAt(tariffs, 0), versionAt(tariffs, time.nowMs)]).toEqual([undefined, 'kt-usd@2']);
  });
});
