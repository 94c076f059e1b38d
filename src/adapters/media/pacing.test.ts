import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { pace } from './pacing.ts';

/** A clock whose timers fire late by what the test says, as under load. */
function lateClock(latenessMs: () => number) {
  const clock = new VirtualClock();
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs + latenessMs(), run) };
  return { clock, timers };
}

it('late timers make no later tick late: after 10 s there were 500 ticks of 20 ms', () => {
  let turn = 0;
  const { clock, timers } = lateClock(() => (turn++ % 7) * 2);
  let ticks = 0;
  pace(20, { clock, timers }, () => {
    ticks += 1;
  });
  clock.run(10_019);
  expect(ticks).toBe(500);
});

it('after a long pause what was missed is left out, and counted', () => {
  let turn = 0;
  const { clock, timers } = lateClock(() => (turn++ === 1 ? 1000 : 0));
  const seen: [number, number][] = [];
  pace(20, { clock, timers }, (missed) => seen.push([clock.nowMs(), missed]));
  clock.run(1100);
  expect(seen.slice(0, 4)).toEqual([
    [20, 0],
    [1040, 50],
    [1060, 0],
    [1080, 0],
  ]);
});

it('stops within a tick and afterwards', () => {
  const clock = new VirtualClock();
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  let ticks = 0;
  const stop = pace(20, { clock, timers }, () => {
    ticks += 1;
    if (ticks === 3) stop();
  });
  clock.run(1000);
  expect(ticks).toBe(3);
});
