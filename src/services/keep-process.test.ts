import { describe, expect, it } from 'vitest';
import { ProcessKeeper } from './keep-process.ts';
import type { KeptProcess, ProcessReport, ProcessStore } from './ports/index.ts';

const OTHER: KeptProcess = {
  id: 'other',
  place: 'b',
  address: '127.0.0.2:5060',
  isDraining: false,
  silentMs: 0,
};

describe('design §4: processes find each other by heartbeat rows', () => {
  it('knows itself once it listens, and others that live', async () => {
    const { keeper, changes, others } = await joined();
    expect(keeper.list()).toEqual([]);
    others.push(OTHER);
    await keeper.reachedAt('127.0.0.1:5060');
    expect(keeper.list().map(({ id }) => id)).toEqual(['self', 'other']);
    expect(keeper.find('other')?.address).toBe('127.0.0.2:5060');
    expect(changes).toHaveLength(1);
  });

  it('R1: hosting a centre is hosting it by name or hosting all, and taking calls', async () => {
    const { keeper, beat, others } = await joined();
    others.push(
      { ...OTHER, centres: ['US'] },
      { ...OTHER, id: 'ending', isDraining: true },
      { ...OTHER, id: 'any' },
    );
    await beat();
    expect(keeper.hosting('US').map(({ id }) => id)).toEqual(['other', 'any']);
    expect(keeper.hosting('JP').map(({ id }) => id)).toEqual(['any']);
  });

  it('takes a silent process for dead, and ends its calls', async () => {
    const { keeper, beat, others, done } = await joined();
    others.push(OTHER);
    for (let count = 0; count < 5; count++) await beat();
    others[0] = { ...OTHER, silentMs: 2_900 };
    await beat();
    expect(keeper.find('other')).toBeDefined();
    done.length = 0;
    others[0] = { ...OTHER, silentMs: 3_000 };
    await beat();
    expect(keeper.find('other')).toBeUndefined();
    expect(done).toEqual(['removed', 'closed']);
  });

  it('ends the calls of the dead the next time, where that failed when it removed them', async () => {
    const { beat, others, done, failures, closing } = await joined();
    others.push(OTHER);
    for (let count = 0; count < 5; count++) await beat();
    done.length = 0;
    closing.fails = true;
    others[0] = { ...OTHER, silentMs: 3_000 };
    await beat();
    others.length = 0;
    expect(failures).toHaveLength(1);
    expect(done).toEqual(['removed']);
    closing.fails = false;
    await beat();
    await beat();
    expect(done).toEqual(['removed', 'closed']);
  });

  it('judges nobody after the database was away for itself as well', async () => {
    const { keeper, beat, others, done, failures, database } = await joined();
    others.push(OTHER);
    for (let count = 0; count < 5; count++) await beat();
    database.isAway = true;
    await beat();
    await beat();
    expect(failures).toHaveLength(1);
    database.isAway = false;
    done.length = 0;
    others[0] = { ...OTHER, silentMs: 9_000 };
    await beat();
    expect(keeper.find('other')).toBeDefined();
    expect(done).toEqual([]);
  });

  it('says that it drains, at once, and hosts nothing for new calls', async () => {
    const { keeper, reports } = await joined();
    await keeper.reachedAt('127.0.0.1:5060');
    await keeper.drain();
    expect(keeper.isDraining).toBe(true);
    expect(reports.at(-1)?.isDraining).toBe(true);
    expect(keeper.hosting('KR')).toEqual([]);
  });

  it('leaves once, and beats no more', async () => {
    const { keeper, beat, reports, done } = await joined();
    await keeper.leave();
    await keeper.leave();
    const count = reports.length;
    await beat();
    expect(reports).toHaveLength(count);
    expect(done.filter((what) => what === 'left')).toHaveLength(1);
  });
});

async function joined() {
  const others: KeptProcess[] = [];
  const reports: ProcessReport[] = [];
  const done: string[] = [];
  const failures: unknown[] = [];
  const changes: true[] = [];
  const database = { isAway: false };
  const closing = { fails: false };
  const store: ProcessStore = {
    async beat(report) {
      if (database.isAway) throw new Error('away');
      reports.push(report);
      return reports.length === 1 ? others : [...others, { ...report, silentMs: 1_000 }];
    },
    async removeSilent() {
      done.push('removed');
      return 1;
    },
    async takePlace() {},
    async leave() {
      done.push('left');
    },
  };
  let run = () => {};
  const keeper = new ProcessKeeper({
    store,
    timers: {
      start(_afterMs, next) {
        run = next;
        return () => {};
      },
    },
    report: { id: 'self', place: 'a' },
    closeCallsOfTheDead: async () => {
      if (closing.fails) throw new Error('A deadlock was detected.');
      done.push('closed');
    },
    onFailure: (error) => failures.push(error),
  });
  keeper.onChange(() => changes.push(true));
  await keeper.join(false);
  const beat = async () => {
    run();
    // All promises of a beat are settled before the next macrotask.
    await new Promise(setImmediate);
  };
  return { keeper, beat, others, reports, done, failures, changes, database, closing };
}
