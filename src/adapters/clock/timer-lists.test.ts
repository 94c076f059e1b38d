import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { TimerLists } from './timer-lists.ts';

function timersOn(clock: VirtualClock): TimerLists {
  return new TimerLists({
    monotonicMs: () => clock.nowMs(),
    alarm: (afterMs, ring) => clock.schedule(afterMs, ring),
  });
}

describe('timers in lists', () => {
  it('fire once, when they are due, and not after they were stopped', () => {
    const durations = fc.integer({ min: 1, max: 5 }).map((n) => n * 100);
    const plan = fc.array(
      fc.record({ startMs: fc.nat(1000), durationMs: durations, stopAfterMs: fc.nat(800) }),
    );
    fc.assert(
      fc.property(plan, (all) => {
        const clock = new VirtualClock();
        const timers = timersOn(clock);
        const fired: { readonly timer: number; readonly atMs: number }[] = [];
        all.forEach(({ startMs, durationMs, stopAfterMs }, timer) => {
          clock.schedule(startMs, () => {
            const stop = timers.start(durationMs, () => fired.push({ timer, atMs: clock.nowMs() }));
            clock.schedule(stopAfterMs, stop);
          });
        });
        clock.run();
        const wanted = all
          .map(({ startMs, durationMs, stopAfterMs }, timer) => ({
            timer,
            durationMs,
            stopAfterMs,
            atMs: startMs + durationMs,
          }))
          .filter(({ durationMs, stopAfterMs }) => durationMs < stopAfterMs);
        for (const { timer, atMs } of wanted) expect(fired).toContainEqual({ timer, atMs });
        const stopped = all.flatMap(({ durationMs, stopAfterMs }, timer) =>
          stopAfterMs < durationMs ? [timer] : [],
        );
        expect(fired.filter(({ timer }) => stopped.includes(timer))).toEqual([]);
        expect(new Set(fired.map(({ timer }) => timer)).size).toBe(fired.length);
      }),
    );
  });

  it('fire in their order when thousands of others were stopped and cleared away', () => {
    const clock = new VirtualClock();
    const timers = timersOn(clock);
    const fired: number[] = [];
    for (let timer = 0; timer < 10_000; timer += 1) {
      const stop = timers.start(100, () => fired.push(timer));
      if (timer % 10 !== 0) stop();
      stop();
      if (timer % 10 === 0) timers.start(100, () => fired.push(timer));
    }
    clock.run();
    expect(fired).toEqual(Array.from({ length: 1_000 }, (_, index) => index * 10));
  });

  it('are not late where one that fires begins another of the same duration', () => {
    const clock = new VirtualClock();
    const timers = timersOn(clock);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} at ${clock.nowMs()}`);
    timers.start(100, () => timers.start(100, note('again')));
    clock.schedule(10, () => timers.start(100, note('pending')));
    clock.run();
    expect(fired).toEqual(['pending at 110', 'again at 200']);
  });

  it('go on after one of them threw', () => {
    const clock = new VirtualClock();
    const timers = timersOn(clock);
    const fired: string[] = [];
    timers.start(10, () => {
      throw new Error('a bug');
    });
    timers.start(10, () => fired.push('behind it'));
    expect(() => clock.run()).toThrow('a bug');
    clock.run();
    expect(fired).toEqual(['behind it']);
  });

  it('fire no more once they are closed', () => {
    const clock = new VirtualClock();
    const timers = timersOn(clock);
    const fired: string[] = [];
    timers.start(10, () => fired.push('before'));
    timers.close();
    timers.start(10, () => fired.push('after'));
    clock.run();
    expect(fired).toEqual([]);
  });
});
