import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate } from '../rate.ts';
import { longestDurationMs, priceMicros } from '../rating.ts';
import { type Meter, type MeterEffect, needsMeter, startMeter, stepMeter } from './meter.ts';

/** One millionth a second, so that an amount is a time. */
const A_SECOND_EACH: Rate = {
  currency: 'USD',
  perMinuteMicros: 60n,
  connectFeeMicros: 0n,
  initialIncrementSeconds: 1,
  nextIncrementSeconds: 1,
  minimumMicros: 0n,
  freeSeconds: 0,
};

type Ending = { readonly seconds: number; readonly by: 'caller' | 'cut'; readonly warned: boolean };

/** A call on an account, with a clock that jumps from timer to timer. */
function talk(rate: Rate, creditMicros: bigint, wantedSeconds: number): Ending | 'refused' {
  let available = creditMicros;
  let nowMs = 0;
  let warned = false;
  let cut = false;
  let rings = false;
  const pending = new Map<string, bigint>();
  let posted = 0n;
  const timers = new Map<string, number>();
  let [meter, effects] = startMeter(rate, 'call/1/sale');
  const happen = (input: Parameters<typeof stepMeter>[1]) => {
    const [next, following] = stepMeter(meter, input, nowMs);
    meter = next;
    perform(following);
  };
  function perform(all: readonly MeterEffect[]): void {
    for (const effect of all) {
      if (effect.kind === 'reserve') {
        const { id, micros } = effect.slice;
        // The ledger knows no transfer of nothing, and takes none of those that come with one.
        expect(micros).toBeGreaterThan(0n);
        const isEnough = micros <= available;
        if (isEnough) {
          available -= micros;
          pending.set(id, micros);
        }
        happen(
          isEnough ? { kind: 'reserved' } : { kind: 'exceeded', availableMicros: available, why: 'credit' },
        );
      }
      if (effect.kind === 'post') {
        posted += pending.get(effect.slice.id) ?? 0n;
        pending.delete(effect.slice.id);
      }
      if (effect.kind === 'let-ring') rings = true;
      if (effect.kind === 'warn') warned = true;
      if (effect.kind === 'cut') cut = true;
      if (effect.kind === 'start-extension-timer') timers.set('extension-due', nowMs + effect.inMs);
      if (effect.kind === 'start-cut-timer') timers.set('cut-due', nowMs + effect.inMs);
      if (effect.kind === 'stop-timers') timers.clear();
    }
  }
  perform(effects);
  effects = [];
  if (!rings) return 'refused';
  happen({ kind: 'answered', atMs: nowMs });
  while (!cut) {
    const next = [...timers].sort(([, one], [, other]) => one - other)[0];
    if (next === undefined || next[1] > wantedSeconds * 1_000) break;
    timers.delete(next[0]);
    nowMs = next[1];
    happen({ kind: next[0] as 'extension-due' | 'cut-due' });
  }
  if (!cut) nowMs = wantedSeconds * 1_000;
  happen({ kind: 'ended' });
  const reserved = posted + [...pending.values()].reduce((sum, micros) => sum + micros, 0n);
  expect(priceMicros(rate, nowMs)).toBeLessThanOrEqual(reserved);
  if (rate.perMinuteMicros > 0n) expect(posted).toBeLessThanOrEqual(priceMicros(rate, nowMs));
  expect(reserved).toBeLessThanOrEqual(creditMicros);
  return { seconds: Math.ceil(nowMs / 1_000), by: cut ? 'cut' : 'caller', warned };
}

describe('R23: the credit of a call', () => {
  it.each([
    [1_000n, 30, { seconds: 30, by: 'caller', warned: false }],
    [1_000n, 900, { seconds: 900, by: 'caller', warned: false }],
    [100n, 300, { seconds: 100, by: 'cut', warned: true }],
    [45n, 300, { seconds: 45, by: 'cut', warned: true }],
    [3n, 300, { seconds: 3, by: 'cut', warned: true }],
    [0n, 300, 'refused'],
  ] as const)('of %s, talked on for %i s: %o', (credit, seconds, ending) => {
    expect(talk(A_SECOND_EACH, credit, seconds)).toEqual(ending);
  });

  it('is refused where it does not pay for the first increment', () => {
    const rate = { ...A_SECOND_EACH, initialIncrementSeconds: 60 };
    expect(talk(rate, 59n, 10)).toBe('refused');
    expect(talk(rate, 60n, 70)).toEqual({ seconds: 60, by: 'cut', warned: true });
  });

  it('is asked for in slices as long as the talk before them, five minutes at most', () => {
    let [meter, effects] = startMeter(A_SECOND_EACH, 'c');
    const slices: bigint[] = [];
    for (let at = 0; at < 6; at += 1) {
      for (const effect of effects) if (effect.kind === 'reserve') slices.push(effect.slice.micros);
      [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
      if (at === 0) [meter] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 0);
      [meter, effects] = stepMeter(meter, { kind: 'extension-due' }, 0);
    }
    expect(slices).toEqual([60n, 60n, 120n, 240n, 300n, 300n]);
  });

  it('lasts as long as it was topped up on the way', () => {
    let [meter] = startMeter(A_SECOND_EACH, 'c');
    [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
    [meter] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 0);
    [meter] = stepMeter(meter, { kind: 'extension-due' }, 40_000);
    let effects: readonly MeterEffect[];
    [meter, effects] = stepMeter(meter, { kind: 'exceeded', availableMicros: 0n, why: 'day-limit' }, 40_000);
    expect(effects).toEqual([{ kind: 'start-extension-timer', inMs: 10_000 }]);
    [meter] = stepMeter(meter, { kind: 'extension-due' }, 50_000);
    [meter, effects] = stepMeter(meter, { kind: 'reserved' }, 50_010);
    expect(effects).toContainEqual({ kind: 'start-cut-timer', inMs: 120_000 - 50_010 - 250 });
  });

  it('is not extended where nobody answers, and the call ends with what is paid for', () => {
    let meter: Meter;
    let effects: readonly MeterEffect[];
    [meter] = startMeter(A_SECOND_EACH, 'c');
    [meter, effects] = stepMeter(meter, { kind: 'unanswered' }, 0);
    expect(effects).toEqual([{ kind: 'refuse', why: 'unanswered' }]);
    [meter] = startMeter(A_SECOND_EACH, 'c');
    [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
    [meter] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 0);
    [meter] = stepMeter(meter, { kind: 'extension-due' }, 40_000);
    [meter] = stepMeter(meter, { kind: 'unanswered' }, 41_000);
    [meter] = stepMeter(meter, { kind: 'extension-due' }, 50_000);
    [meter, effects] = stepMeter(meter, { kind: 'unanswered' }, 51_000);
    expect(effects).toEqual([{ kind: 'warn' }]);
    [meter, effects] = stepMeter(meter, { kind: 'cut-due' }, 59_750);
    expect(effects).toEqual([{ kind: 'cut', why: 'unanswered' }]);
  });

  it('is free again where nobody answers the call, and where it ends while more is asked for', () => {
    let meter: Meter;
    let effects: readonly MeterEffect[];
    [meter] = startMeter(A_SECOND_EACH, 'c');
    [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
    [meter, effects] = stepMeter(meter, { kind: 'ended' }, 9_000);
    expect(effects).toEqual([{ kind: 'free', sliceId: 'c#1' }]);
    [meter] = startMeter(A_SECOND_EACH, 'c');
    [meter] = stepMeter(meter, { kind: 'ended' }, 1_000);
    [meter, effects] = stepMeter(meter, { kind: 'reserved' }, 1_001);
    expect(effects).toEqual([{ kind: 'free', sliceId: 'c#1' }]);
  });

  it('goes on from what is talked already, where a leg comes out of another call', () => {
    let meter: Meter;
    let effects: readonly MeterEffect[];
    const rate = { ...A_SECOND_EACH, connectFeeMicros: 1_000n };
    [meter, effects] = startMeter(rate, 'c', 90_000);
    const slice = { id: 'c#1', micros: 60n, untilMs: 150_000 };
    expect(effects).toEqual([{ kind: 'reserve', slice, expiresInMs: expect.any(Number) }]);
    [meter] = stepMeter(meter, { kind: 'reserved' }, 500_000);
    [meter, effects] = stepMeter(meter, { kind: 'answered', atMs: 410_000 }, 500_000);
    expect(effects).toContainEqual({ kind: 'start-cut-timer', inMs: 59_750 });
  });

  it('is posted with the answer where only the connection costs something, and nothing more is asked for', () => {
    const rate = { ...A_SECOND_EACH, perMinuteMicros: 0n, connectFeeMicros: 100n };
    expect(talk(rate, 99n, 10)).toBe('refused');
    expect(talk(rate, 100n, 90_000)).toEqual({ seconds: 90_000, by: 'caller', warned: false });
    const [asking] = startMeter(rate, 'c');
    const [ready] = stepMeter(asking, { kind: 'reserved' }, 0);
    const [, effects] = stepMeter(ready, { kind: 'answered', atMs: 0 }, 0);
    expect(effects).toEqual([{ kind: 'post', slice: expect.objectContaining({ micros: 100n }) }]);
  });

  it('is asked for when it is needed, where a leg comes out of another call within a long increment', () => {
    const rate = { ...A_SECOND_EACH, initialIncrementSeconds: 300, nextIncrementSeconds: 300 };
    let meter: Meter;
    let effects: readonly MeterEffect[];
    [meter, effects] = startMeter(rate, 'c', 10_000);
    expect(effects).toEqual([{ kind: 'let-ring' }]);
    [meter, effects] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 12_000);
    expect(effects).toContainEqual({ kind: 'start-extension-timer', inMs: 268_000 });
    [meter, effects] = stepMeter(meter, { kind: 'extension-due' }, 280_000);
    expect(effects).toEqual([
      expect.objectContaining({ slice: { id: 'c#1', micros: 300n, untilMs: 600_000 } }),
    ]);
    [, effects] = startMeter(rate, 'c', 290_000);
    expect(effects).toEqual([
      expect.objectContaining({ slice: { id: 'c#1', micros: 300n, untilMs: 600_000 } }),
    ]);
  });

  it('lives until it is posted, however long the increments are', () => {
    const rate = { ...A_SECOND_EACH, initialIncrementSeconds: 3_600, nextIncrementSeconds: 3_600 };
    let [meter, effects] = startMeter(rate, 'c');
    const [first] = effects;
    if (first?.kind !== 'reserve') throw new Error('Nothing was asked for.');
    [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
    [meter] = stepMeter(meter, { kind: 'answered', atMs: 60_000 }, 60_000);
    [meter] = stepMeter(meter, { kind: 'extension-due' }, 3_640_000);
    [meter, effects] = stepMeter(meter, { kind: 'reserved' }, 3_640_000);
    expect(effects.some(({ kind }) => kind === 'post')).toBe(false);
    [meter] = stepMeter(meter, { kind: 'extension-due' }, 7_240_000);
    [meter, effects] = stepMeter(meter, { kind: 'reserved' }, 7_240_000);
    expect(effects).toContainEqual({ kind: 'post', slice: first.slice });
    expect(first.expiresInMs).toBeGreaterThan(7_240_000);
  });

  it('is not cut by a timer that came before its time', () => {
    const rate = { ...A_SECOND_EACH, perMinuteMicros: 1n, minimumMicros: 50_000n };
    let meter: Meter;
    let effects: readonly MeterEffect[];
    [meter] = startMeter(rate, 'c');
    [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
    [meter, effects] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 0);
    const days = { kind: 'start-cut-timer', inMs: 86_400_000 } as const;
    expect(effects).toContainEqual(days);
    [meter, effects] = stepMeter(meter, { kind: 'cut-due' }, days.inMs);
    expect(effects).toContainEqual(days);
  });

  it('is not metered where calls cost nothing', () => {
    expect(needsMeter({ ...A_SECOND_EACH, perMinuteMicros: 0n })).toBe(false);
    expect(needsMeter({ ...A_SECOND_EACH, perMinuteMicros: 0n, connectFeeMicros: 1n })).toBe(true);
  });

  it('whatever the tariff, pays exactly for what is talked, and never for more than there is', () => {
    const anyRate: fc.Arbitrary<Rate> = fc.record({
      currency: fc.constant('USD' as const),
      perMinuteMicros: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 50_000n })),
      connectFeeMicros: fc.bigInt({ min: 1n, max: 50_000n }),
      initialIncrementSeconds: fc.integer({ min: 1, max: 90 }),
      nextIncrementSeconds: fc.integer({ min: 1, max: 90 }),
      minimumMicros: fc.bigInt({ min: 0n, max: 50_000n }),
      freeSeconds: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(
        anyRate,
        fc.bigInt({ min: 0n, max: 1_000_000n }),
        fc.integer({ min: 1, max: 2_400 }),
        (rate, credit, seconds) => {
          const ending = talk(rate, credit, seconds);
          if (ending === 'refused' || ending.by === 'caller') return;
          // A call is cut where the credit ends, and not a second earlier.
          expect(ending.seconds * 1_000).toBe(longestDurationMs(rate, credit));
        },
      ),
    );
  });
});
