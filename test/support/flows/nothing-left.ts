import { expect } from 'vitest';
import type { CallWorld } from './call-world.ts';

/** Longer than any timer of a call runs. */
const LONG_MS = 4_000_000;

/** Lets all timers pass: then no leg, transaction, timer, relay or channel is left, and every call has ended exactly once. */
export function expectNothingLeft(world: CallWorld): void {
  world.pass(LONG_MS);
  expect({ legs: world.legs.size, ...world.endpoint.transactions, timers: world.clock.waiting }).toEqual({
    legs: 0,
    server: 0,
    client: 0,
    timers: 0,
  });
  expect({ relays: world.relays.left, faults: world.relays.faults }).toEqual({ relays: [], faults: [] });
  expect([...world.taken.values()].filter((taken) => taken !== 0)).toEqual([]);
  expect({ voices: world.voices.left, callers: world.begun }).toEqual({ voices: 0, callers: 0 });
  const ended = world.kept.filter(({ phase }) => phase === 'ended').map(({ facts }) => facts.id);
  expect(ended.toSorted()).toEqual(world.callIds.toSorted());
}
