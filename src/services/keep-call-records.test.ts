import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { CallRecordWriter, type CallRecordWriterOptions } from './keep-call-records.ts';
import type { CallRecord, CallRecordStore } from './ports/index.ts';

type Save = { readonly atMs: number; readonly records: readonly CallRecord[] };

/** A writer on a virtual clock, and a store that is away, or slow, when the test says so. */
function writerOn(options: Partial<CallRecordWriterOptions> = {}) {
  const clock = new VirtualClock();
  const saves: Save[] = [];
  const touches: { atMs: number; ids: readonly string[] }[] = [];
  const warnings: string[] = [];
  const world = { isAway: false, saveTakesMs: 0, poison: '' };
  const store: Pick<CallRecordStore, 'save' | 'touch'> = {
    async save(records) {
      if (world.saveTakesMs > 0) await new Promise<void>((done) => clock.schedule(world.saveTakesMs, done));
      if (world.isAway) throw new Error('connection refused');
      if (records.some(({ id }) => id === world.poison)) throw new Error('out of range');
      saves.push({ atMs: clock.nowMs(), records });
    },
    async touch(ids, atMs) {
      if (world.isAway) throw new Error('connection refused');
      touches.push({ atMs, ids });
    },
  };
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  const warn = (sentence: string) => warnings.push(sentence);
  const writer = new CallRecordWriter({ store: store as CallRecordStore, clock, timers, warn }, options);
  /** Lets time pass in steps of a millisecond, and promises settle in between. */
  const run = async (untilMs: number) => {
    for (let atMs = clock.nowMs(); atMs <= untilMs; atMs++) {
      clock.run(atMs);
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
  };
  /** The ids of each write, with their status, in the order of writing. */
  const written = () => saves.map(({ records }) => records.map(({ id, status }) => `${id} ${status}`));
  return { writer, world, run, saves, touches, warnings, written };
}

function ringing(id: string): CallRecord {
  return {
    id,
    status: 'ringing',
    callerMemberId: 'alice',
    callerTerminalId: 'desk',
    dialled: '1',
    startedAtMs: 0,
    lastSeenAtMs: 0,
  };
}

const answered = (id: string): CallRecord => ({ ...ringing(id), status: 'answered', answeredAtMs: 1 });
const completed = (id: string): CallRecord => ({ ...answered(id), status: 'completed', endedAtMs: 2 });
const failed = (id: string): CallRecord => ({ ...ringing(id), status: 'failed', endedAtMs: 2 });

describe('a writer of call records', () => {
  it('writes nothing while a record is put', async () => {
    const { writer, saves, run } = writerOn();
    writer.put(ringing('a'));
    expect(saves).toEqual([]);
    await run(499);
    expect(saves).toEqual([]);
    await run(500);
    expect(saves).toEqual([{ atMs: 500, records: [ringing('a')] }]);
  });

  it('writes the answer of a call within 8 ms, without what can wait', async () => {
    const { writer, run, saves } = writerOn();
    writer.put(ringing('a'));
    writer.put(ringing('b'));
    await run(99);
    writer.put(answered('b'));
    await run(600);
    expect(saves).toEqual([
      { atMs: 107, records: [answered('b')] },
      { atMs: 500, records: [ringing('a')] },
    ]);
  });

  it('tells when the answer of a call is in the store, and not before', async () => {
    const { writer, world, run } = writerOn();
    const told: string[] = [];
    world.saveTakesMs = 50;
    writer.put(ringing('a'));
    await run(510);
    writer.put(answered('a'), () => told.push('a'));
    await run(555);
    expect(told).toEqual([]);
    writer.put(completed('a'));
    await run(700);
    expect(told).toEqual(['a']);
  });

  it('writes one version of a call that ended before its turn', async () => {
    const { writer, run, written } = writerOn();
    writer.put(ringing('a'));
    writer.put(failed('a'));
    await run(1_000);
    expect(written()).toEqual([['a failed']]);
  });

  it('hurries the end of a call whose answer is not written yet, and lets other ends wait', async () => {
    const { writer, run, saves } = writerOn();
    writer.put(answered('a'));
    writer.put(completed('a'));
    writer.put(answered('b'));
    await run(8);
    writer.put(completed('b'));
    await run(1_000);
    expect(saves).toEqual([
      { atMs: 8, records: [completed('a'), answered('b')] },
      { atMs: 508, records: [completed('b')] },
    ]);
  });

  it('writes one batch at a time, answers first, and the next at once', async () => {
    const { writer, world, run, written, saves } = writerOn({ batchSize: 2 });
    world.saveTakesMs = 50;
    for (const id of ['a', 'b', 'c']) writer.put(ringing(id));
    await run(10);
    for (const id of ['d', 'e', 'f']) writer.put(answered(id));
    await run(300);
    expect(written()).toEqual([
      ['a ringing', 'b ringing'],
      ['d answered', 'e answered'],
      ['f answered', 'c ringing'],
    ]);
    expect(saves.map(({ atMs }) => atMs)).toEqual([50, 100, 150]);
  });

  it('keeps the order of the versions of a call while a write is under way', async () => {
    const { writer, world, run, written } = writerOn();
    world.saveTakesMs = 50;
    writer.put(answered('a'));
    await run(30);
    writer.put(completed('a'));
    await run(1_000);
    expect(written()).toEqual([['a answered'], ['a completed']]);
  });

  it('shows that calls under way live, and no others', async () => {
    const { writer, run, touches } = writerOn();
    writer.put(ringing('a'));
    writer.put(answered('b'));
    writer.put(failed('c'));
    await run(6_000);
    writer.put(completed('b'));
    await run(10_000);
    writer.put(failed('a'));
    await run(20_000);
    expect(touches).toEqual([
      { atMs: 5_000, ids: ['a', 'b'] },
      { atMs: 10_000, ids: ['a'] },
    ]);
    writer.put(ringing('d'));
    writer.stop();
    await run(40_000);
    expect(touches).toHaveLength(2);
  });
});

describe('a writer whose database is away', () => {
  it('tries again with growing pauses, loses nothing, and says so once', async () => {
    const { writer, world, run, written, warnings } = writerOn();
    world.isAway = true;
    writer.put(answered('a'));
    await run(100);
    writer.put(completed('a'));
    writer.put(ringing('b'));
    await run(30_000);
    const { waiting, failedWrites } = writer.metrics;
    expect(waiting).toBe(2);
    // 100, 200, 400, 800, 1 600, 3 200, and 5 000 ms from then on.
    expect(failedWrites).toBe(11);
    world.isAway = false;
    await run(40_000);
    expect(written().flat().sort()).toEqual(['a completed', 'b ringing']);
    expect(writer.metrics).toMatchObject({ waiting: 0, written: 2, dropped: 0 });
    expect(warnings).toEqual([
      'Call records cannot be written and wait for the database: connection refused',
      'Call records are written again: 1 still wait, 0 were lost so far.',
    ]);
  });

  it('does not overwrite a newer version by one that failed', async () => {
    const { writer, world, run, written } = writerOn();
    world.isAway = true;
    world.saveTakesMs = 50;
    writer.put(answered('a'));
    await run(40);
    writer.put(completed('a'));
    await run(75);
    world.isAway = false;
    await run(2_000);
    expect(written()).toEqual([['a completed']]);
  });

  it('goes on when only the proofs of life failed', async () => {
    const { writer, world, run, touches, warnings } = writerOn();
    writer.put(answered('a'));
    await run(4_000);
    world.isAway = true;
    await run(6_000);
    world.isAway = false;
    await run(10_000);
    expect(touches).toEqual([{ atMs: 10_000, ids: ['a'] }]);
    expect(warnings).toHaveLength(1);
  });

  it('keeps so many records and no more, and answers longest', async () => {
    const { writer, world, run, written, warnings } = writerOn({ mostWaiting: 3 });
    world.isAway = true;
    writer.put(answered('a'));
    for (const id of ['b', 'c', 'd', 'e']) writer.put(failed(id));
    expect(writer.metrics).toMatchObject({ waiting: 3, dropped: 2 });
    world.isAway = false;
    await run(1_000);
    expect(written().flat()).toEqual(['a answered', 'd failed', 'e failed']);
    expect(warnings).toEqual(['More than 3 call records wait for the database: the oldest are lost.']);
  });

  it('lets a record that the store can never take hold up no other', async () => {
    const { writer, world, run, written } = writerOn();
    world.poison = 'c7';
    for (let index = 0; index < 16; index++) writer.put(answered(`c${index}`));
    await run(20_000);
    expect(written().flat().toSorted()).toEqual(
      Array.from({ length: 16 }, (_, index) => `c${index} answered`)
        .filter((text) => text !== 'c7 answered')
        .toSorted(),
    );
    expect(writer.metrics.waiting).toBe(1);
  });
});

describe('the end of a writer', () => {
  it('writes everything at once', async () => {
    const { writer, run, written } = writerOn();
    writer.put(completed('a'));
    writer.put(failed('b'));
    const flushed = writer.flush(1_000);
    await run(0);
    expect(await flushed).toBe(0);
    expect(written()).toEqual([['a completed', 'b failed']]);
    expect(await writer.flush(1_000)).toBe(0);
  });

  it('gives up in time where the database stays away, and says how much is lost', async () => {
    const { writer, world, run } = writerOn();
    world.isAway = true;
    writer.put(completed('a'));
    const flushed = writer.flush(1_000);
    await run(1_000);
    expect(await flushed).toBe(1);
  });

  it('does not wait for the next try', async () => {
    const { writer, world, run, saves } = writerOn();
    world.isAway = true;
    writer.put(completed('a'));
    await run(10_000);
    world.isAway = false;
    const flushed = writer.flush(1_000);
    await run(10_001);
    expect(await flushed).toBe(0);
    expect(saves.map(({ atMs }) => atMs)).toEqual([10_000]);
  });
});

it('whatever the database does, the last version of every call is written, and no call reopens', async () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    pauseMs: fc.integer({ min: 0, max: 300 }),
    isAway: fc.boolean(),
    saveTakesMs: fc.constantFrom(0, 5, 100),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { writer, world, run, saves } = writerOn({ batchSize: 2, longestRetryMs: 200 });
      const versions = new Map<string, CallRecord[]>();
      let nowMs = 0;
      for (const { id, pauseMs, isAway, saveTakesMs } of steps) {
        Object.assign(world, { isAway, saveTakesMs });
        const all = [ringing(id), answered(id), completed(id)];
        const next = all[versions.get(id)?.length ?? 0];
        if (next !== undefined) {
          versions.set(id, [...(versions.get(id) ?? []), next]);
          writer.put(next);
        }
        nowMs += pauseMs;
        await run(nowMs);
      }
      Object.assign(world, { isAway: false, saveTakesMs: 0 });
      await run(nowMs + 3_000);
      const rows = saves.flatMap(({ records }) => records);
      for (const [id, put] of versions) {
        const kept = rows.filter((record) => record.id === id);
        expect(kept.at(-1)).toEqual(put.at(-1));
        const order = kept.map((record) => put.indexOf(record));
        expect(order).toEqual(order.toSorted((one, other) => one - other));
      }
      expect(writer.metrics).toMatchObject({ waiting: 0, dropped: 0 });
    }),
    { numRuns: 60 },
  );
});
