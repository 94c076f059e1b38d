import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OurCall, TheirCall } from './compared-call.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';

const TOLERANCES = { startMs: 5_000, durationMs: 1_000 };

function run(ours: readonly OurCall[], theirs: readonly TheirCall[]): Reconciliation {
  const reconciling = reconcile(ours, theirs, TOLERANCES);
  for (;;) {
    const { done, value } = reconciling.next();
    if (done === true) return value;
  }
}

function our(callId: string, second: number, seconds: number, more: Partial<OurCall> = {}): OurCall {
  const [startedAtMs, durationMs] = [second * 1_000, seconds * 1_000];
  return {
    callId,
    leg: 'cost',
    caller: '1',
    called: '2',
    startedAtMs,
    durationMs,
    micros: BigInt(seconds) * 100n,
    ...more,
  };
}

function their(line: number, second: number, seconds: number, more: Partial<TheirCall> = {}): TheirCall {
  const price = { micros: BigInt(seconds) * 100n, roundedByMicros: 0n };
  const [startedAtMs, durationMs] = [second * 1_000, seconds * 1_000];
  return { line, caller: '1', called: '2', startedAtMs, durationMs, price, ...more };
}

function text({ differences }: Reconciliation): readonly string[] {
  return differences
    .map(
      ({ kind, ours, theirs, micros }) =>
        `${kind} ${ours?.callId ?? '-'} ${theirs?.line ?? '-'} ${micros ?? '?'}`,
    )
    .sort();
}

describe('reconciliation', () => {
  it('domain.md §5: the same call is found within the tolerances', () => {
    const outcome = run([our('c1', 100, 60), our('c2', 200, 60)], [their(1, 105, 61), their(2, 195, 59)]);
    expect(outcome.alike).toBe(0);
    expect(text(outcome)).toEqual(['price c1 1 100', 'price c2 2 -100']);
    expect(run([our('c1', 100, 60)], [their(1, 106, 60)]).totals).toMatchObject({
      'only-ours': { calls: 1, micros: 6_000n },
      'only-theirs': { calls: 1, micros: 6_000n },
    });
  });

  it('R23: only ours, only theirs, another duration, another price, and what it is about', () => {
    const outcome = run(
      [our('same', 0, 60), our('ours', 100, 60), our('longer', 200, 60), our('dearer', 300, 60)],
      [
        their(1, 0, 60),
        their(2, 200, 90),
        their(3, 300, 60, { price: { micros: 7_000n, roundedByMicros: 0n } }),
        their(4, 400, 10),
        their(5, 500, 10, { called: '3' }),
      ],
    );
    expect(outcome.alike).toBe(1);
    expect(text(outcome)).toEqual([
      'duration longer 2 3000',
      'only-ours ours - -6000',
      'only-theirs - 4 1000',
      'only-theirs - 5 1000',
      'price dearer 3 1000',
    ]);
    expect(outcome.atStakeMicros).toBe(12_000n);
    expect(outcome.ours).toEqual({ calls: 4, durationMs: 240_000, micros: 24_000n });
    expect(outcome.theirs).toEqual({ calls: 5, durationMs: 230_000, micros: 24_000n });
  });

  it('R23: of several that fit, those that fit best belong together, whatever comes first', () => {
    // By the order of their beginning, c1 would take the line of c2, and c2 that of nobody.
    const outcome = run([our('c1', 100, 30), our('c2', 103, 60)], [their(1, 102, 60), their(2, 104, 30)]);
    expect(outcome.differences).toEqual([]);
    expect(outcome.alike).toBe(2);
  });

  it('R23: a call without a caller may be anybody’s, and one with a caller is that one’s first', () => {
    const { caller: _, ...anonymous } = our('anonymous', 100, 60);
    const { caller: __, ...unknown } = their(2, 100, 60);
    expect(run([anonymous, our('c1', 100, 60)], [unknown, their(1, 101, 60)]).differences).toEqual([]);
    expect(text(run([our('c1', 100, 60)], [their(1, 100, 60, { caller: '9' })]))).toEqual([
      'only-ours c1 - -6000',
      'only-theirs - 1 6000',
    ]);
  });

  it('R23: prices are compared as far as they were written', () => {
    const price = { micros: 10_000n, roundedByMicros: 5_000n };
    expect(run([our('c1', 0, 96)], [their(1, 0, 96, { price })]).differences).toEqual([]);
    const { price: _, ...free } = their(1, 0, 96);
    expect(run([our('c1', 0, 96)], [free]).differences).toEqual([]);
  });

  it('R23: each call is counted once, however they are shuffled', () => {
    const call = fc.record({
      second: fc.integer({ min: 0, max: 30 }),
      seconds: fc.integer({ min: 1, max: 4 }),
      caller: fc.constantFrom('1', '9', undefined),
      called: fc.constantFrom('2', '3'),
    });
    const withCaller = (caller: string | undefined) => (caller === undefined ? {} : { caller });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), fc.array(call, { maxLength: 40 }), (some, others) => {
        const ours = some.map(({ second, seconds, caller, called }, at) => {
          const { caller: _, ...made } = our(`c${at}`, second, seconds, { called });
          return { ...made, ...withCaller(caller) };
        });
        const theirs = others.map(({ second, seconds, caller, called }, at) => {
          const { caller: _, ...made } = their(at, second, seconds, { called });
          return { ...made, ...withCaller(caller) };
        });
        const { alike, differences, totals } = run(ours, theirs);
        const both = alike + totals.duration.calls + totals.price.calls;
        expect(both + totals['only-ours'].calls).toBe(ours.length);
        expect(both + totals['only-theirs'].calls).toBe(theirs.length);
        const named = differences
          .flatMap(({ ours: one, theirs: other }) => [one, other])
          .filter((each) => each !== undefined);
        expect(new Set(named).size).toBe(named.length);
      }),
    );
  });

  it('R23: the same calls in another order are all alike', () => {
    const call = fc.record({
      second: fc.integer({ min: 0, max: 100 }),
      seconds: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (calls, places) => {
        const ours = calls.map(({ second, seconds }, at) => our(`c${at}`, second, seconds));
        const theirs = calls
          .map(({ second, seconds }, at) => ({
            call: their(at, second, seconds),
            place: places.next().value ?? 0,
          }))
          .sort((one, other) => one.place - other.place);
        expect(
          run(
            ours,
            theirs.map((each) => each.call),
          ).alike,
        ).toBe(calls.length);
      }),
    );
  });

  it('R23: thousands of calls that nothing tells apart take no longer than others', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => at);
    const outcome = run(
      many.map((at) => our(`c${at}`, 1, 60)),
      many.map((at) => their(at, 2, 61)),
    );
    expect(outcome.totals['only-ours'].calls + outcome.totals['only-theirs'].calls).toBe(0);
  });
});
