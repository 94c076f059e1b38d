import { expect, it } from 'vitest';
import { regularly } from './index.ts';

it('does the next round when the last one has ended, failed or not, until it is told to stop', async () => {
  const waiting: (() => void)[] = [];
  let stopped = 0;
  const timers = {
    start: (_: number, perform: () => void) => {
      waiting.push(perform);
      return () => {
        stopped += 1;
      };
    },
  };
  const failures: unknown[] = [];
  let rounds = 0;
  const end = regularly({ timers, everyMs: 1_000, onFailure: (error) => failures.push(error) }, async () => {
    rounds += 1;
    if (rounds === 1) throw new Error('once');
  });
  expect([rounds, waiting.length]).toEqual([0, 1]);
  waiting[0]?.();
  await new Promise(setImmediate);
  expect([rounds, failures.length, waiting.length]).toEqual([1, 1, 2]);
  waiting[1]?.();
  await end();
  expect([rounds, failures.length, stopped]).toEqual([2, 1, 1]);
});
