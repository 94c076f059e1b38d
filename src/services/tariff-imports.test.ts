import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CARRIER_USD } from '../../test/support/tariff-rows.ts';
import { createInProcessBus } from '../adapters/bus/index.ts';
import { MemoryTariffs } from '../adapters/memory/index.ts';
import type { ImportTariff } from './import-tariff.ts';
import { TariffImports } from './tariff-imports.ts';

const OPERATOR = { role: 'operator' as const, userId: 'op' };

/** Imports that wait at their first pause until a test lets them go on. @param tickMs passes at each look at the clock */
async function world(tickMs = 0) {
  const tariffs = new MemoryTariffs();
  for (const name of ['kt-usd', 'sk-usd', 'lg-usd']) await tariffs.create({ ...CARRIER_USD, name });
  const time = { nowMs: 1_000 };
  const trouble: unknown[] = [];
  const waiting: (() => void)[] = [];
  let isOpen = false;
  let ids = 0;
  const ports = {
    tariffs,
    clock: {
      nowMs: () => {
        time.nowMs += tickMs;
        return time.nowMs;
      },
    },
    identifiers: { next: () => `import-${++ids}` },
    bus: createInProcessBus((error) => {
      throw error;
    }),
  };
  const options = {
    pause: () =>
      isOpen
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            waiting.push(resolve);
          }),
    untilInForce: async () => undefined,
    onTrouble: (error: unknown) => trouble.push(error),
  };
  const imports = new TariffImports(ports, options);
  return {
    ports,
    options,
    tariffs,
    time,
    trouble,
    imports,
    goOn: () => {
      isOpen = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
    start: (change: Partial<ImportTariff> = {}) =>
      imports.start({
        actor: OPERATOR,
        tariff: 'kt-usd',
        text: 'code,rate\n82,1\n',
        mode: 'replace',
        ...change,
      }),
  };
}

/** The import once it is over. */
async function over(imports: TariffImports, id: string) {
  for (;;) {
    const job = await found(imports, id);
    if (job.state !== 'reading' && job.state !== 'storing') return job;
    await untilOthersHadTheirTurn();
  }
}

async function found(imports: TariffImports, id: string) {
  const job = await imports.find(OPERATOR, 'kt-usd', id);
  if (!job.ok) throw new Error(job.refusal.code);
  return job.value;
}

describe('R23: imports of decks', () => {
  it('begin at once, and are looked at while they run and when they are over', async () => {
    const { imports, start, goOn, tariffs } = await world();
    const begun = await start();
    expect(begun).toMatchObject({ ok: true, value: { id: 'import-1', state: 'reading' } });
    expect((await found(imports, 'import-1')).linesTotal).toBe(2);
    goOn();
    expect(await over(imports, 'import-1')).toMatchObject({ state: 'published', version: 1 });
    await untilOthersHadTheirTurn();
    expect((await tariffs.findImport('import-1'))?.state).toBe('published');
    expect(await start()).toMatchObject({ ok: true });
    expect(await over(imports, 'import-2')).toMatchObject({ state: 'unchanged' });
  });

  it('are one at a time of a tariff, and few of all', async () => {
    const { start } = await world();
    await start();
    expect(await start()).toMatchObject({ refusal: { code: 'tariff-import-running' } });
    expect(await start({ tariff: 'sk-usd' })).toMatchObject({ ok: true });
    expect(await start({ tariff: 'lg-usd' })).toMatchObject({ refusal: { code: 'service-unavailable' } });
    expect(await start({ tariff: 'never' })).toMatchObject({ refusal: { code: 'not-found' } });
  });

  it('that are stopped publish nothing, and say so', async () => {
    const { imports, start, goOn, tariffs, trouble } = await world();
    await start();
    const stopped = imports.stop();
    goOn();
    await stopped;
    expect((await tariffs.find('kt-usd'))?.versions).toEqual([]);
    expect(await tariffs.findImport('import-1')).toMatchObject({
      state: 'failed',
      refusal: { code: 'internal-error' },
    });
    expect(trouble).toHaveLength(1);
    expect(await start()).toMatchObject({ refusal: { code: 'service-unavailable' } });
  });

  it('whose process is gone are known to have failed', async () => {
    const { ports, options, start, time } = await world();
    await start();
    const elsewhere = new TariffImports(ports, options);
    expect((await found(elsewhere, 'import-1')).state).toBe('reading');
    time.nowMs += 61_000;
    expect((await found(elsewhere, 'import-1')).state).toBe('failed');
    expect(await elsewhere.find(OPERATOR, 'sk-usd', 'import-1')).toMatchObject({
      refusal: { code: 'not-found' },
    });
  });

  it('tell others now and then how far they are, and last how they ended', async () => {
    const { start, tariffs, imports, goOn } = await world(100);
    const saved: string[] = [];
    const save = tariffs.saveImport.bind(tariffs);
    tariffs.saveImport = async (job) => {
      saved.push(job.state);
      await save(job);
    };
    const text = `code,rate\n${Array.from({ length: 40_000 }, (_, at) => `${100_000 + at},1`).join('\n')}`;
    await start({ text });
    goOn();
    await over(imports, 'import-1');
    await untilOthersHadTheirTurn();
    expect(saved.filter((state) => state === 'reading').length).toBeGreaterThan(2);
    expect(saved.filter((state) => state === 'reading').length).toBeLessThan(20);
    expect(saved.at(-1)).toBe('published');
  });
});
