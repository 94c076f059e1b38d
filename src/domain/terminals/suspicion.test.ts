import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLEAR,
  type Suspicion,
  type SuspicionInput,
  type SuspicionPolicy,
  sourceNetwork,
  stepSuspicion,
} from './index.ts';

const POLICY: SuspicionPolicy = {
  allowedWrongAnswers: 3,
  firstBlockMs: 1_000,
  longestBlockMs: 5_000,
  forgetAfterMs: 60_000,
};

/** The state after so many wrong answers at the same moment. */
function wronged(times: number, nowMs = 0, from: Suspicion = CLEAR): Suspicion {
  return times === 0
    ? from
    : wronged(times - 1, nowMs, stepSuspicion(from, { kind: 'wrong-answer' }, nowMs, POLICY)[0]);
}
const later = (suspicion: Suspicion, nowMs: number) =>
  stepSuspicion(suspicion, { kind: 'time' }, nowMs, POLICY)[0];

describe('suspicion of guessing', () => {
  it('blocks at the limit, says so once, and lets time end it', () => {
    expect(wronged(2).state).toBe('watched');
    const [blocked, effects] = stepSuspicion(wronged(2), { kind: 'wrong-answer' }, 0, POLICY);
    expect(effects).toEqual([{ kind: 'blocked', untilMs: 1_000 }]);
    expect(stepSuspicion(blocked, { kind: 'wrong-answer' }, 0, POLICY)).toEqual([blocked, []]);
    expect(later(blocked, 999).state).toBe('blocked');
    expect(later(blocked, 1_000).state).toBe('watched');
  });

  it('blocks twice as long each time, up to the limit', () => {
    let suspicion: Suspicion = CLEAR;
    let nowMs = 0;
    const lengths = [1, 2, 3, 4, 5].map(() => {
      suspicion = wronged(3, nowMs, suspicion);
      if (suspicion.state !== 'blocked') throw new Error('It should be blocked.');
      const lengthMs = suspicion.untilMs - nowMs;
      nowMs = suspicion.untilMs;
      return lengthMs;
    });
    expect(lengths).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('is forgotten after a quiet time, and at once when the operator lifts it', () => {
    expect(later(wronged(1), 59_999).state).toBe('watched');
    expect(later(wronged(1), 60_000)).toBe(CLEAR);
    expect(later(wronged(3), 61_000)).toBe(CLEAR);
    expect(stepSuspicion(wronged(3), { kind: 'lifted' }, 0, POLICY)).toEqual([CLEAR, []]);
  });

  it('allows no more guesses in a time than the policy says, whatever their rhythm', () => {
    const inputs: fc.Arbitrary<SuspicionInput> = fc.constantFrom({ kind: 'wrong-answer' }, { kind: 'time' });
    const steps = fc.array(fc.record({ input: inputs, afterMs: fc.nat(700) }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        let suspicion: Suspicion = CLEAR;
        let nowMs = 0;
        let guesses = 0;
        for (const { input, afterMs } of all) {
          nowMs += afterMs;
          const isOpen = later(suspicion, nowMs).state !== 'blocked';
          if (isOpen && input.kind === 'wrong-answer') guesses += 1;
          suspicion = stepSuspicion(suspicion, input, nowMs, POLICY)[0];
        }
        // Three guesses a block, and blocks of at least 1, 2, 4, 5, 5 … seconds between them.
        const blocks = [1_000, 3_000, 7_000].filter((endMs) => endMs <= nowMs).length;
        const longest = nowMs > 7_000 ? Math.floor((nowMs - 7_000) / 5_000) : 0;
        expect(guesses).toBeLessThanOrEqual(3 * (blocks + longest + 1));
      }),
    );
  });
});

describe('the network of a source', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(sourceNetwork(address)).toBe(network);
  });
});
