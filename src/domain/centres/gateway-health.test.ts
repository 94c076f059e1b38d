import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HealthInput, startHealth, stepHealth } from './gateway-health.ts';

const CHECK = { downAfter: 3, upAfter: 2 };
const ANSWERED: HealthInput = { kind: 'answered' };
const FAILED: HealthInput = { kind: 'failed', reason: 'no answer' };

function healthAfter(...inputs: HealthInput[]) {
  return inputs.reduce((health, input, at) => stepHealth(health, input, CHECK, at + 1), startHealth(0));
}

describe('whether a gateway lives', () => {
  it('one that is silent so often in a row is down, and says why', () => {
    expect(healthAfter(FAILED, FAILED)).toMatchObject({ state: 'up' });
    expect(healthAfter(FAILED, FAILED, FAILED)).toEqual({
      state: 'down',
      sinceMs: 3,
      against: 0,
      reason: 'no answer',
    });
    expect(healthAfter(FAILED, FAILED, ANSWERED, FAILED, FAILED)).toMatchObject({ state: 'up' });
  });

  it('one that answers so often in a row is up again', () => {
    const down = [FAILED, FAILED, FAILED];
    expect(healthAfter(...down, ANSWERED)).toMatchObject({ state: 'down' });
    expect(healthAfter(...down, ANSWERED, FAILED, ANSWERED)).toMatchObject({ state: 'down' });
    expect(healthAfter(...down, ANSWERED, ANSWERED)).toMatchObject({ state: 'up', sinceMs: 5 });
  });

  it('never changes by a single input, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(ANSWERED, FAILED)),
        fc.constantFrom(ANSWERED, FAILED),
        (inputs, last) => {
          const settled = healthAfter(
            ...inputs,
            ...(last === FAILED ? [ANSWERED, ANSWERED] : [FAILED, FAILED, FAILED]),
          );
          expect(stepHealth(settled, last, CHECK, 99).state).toBe(settled.state);
        },
      ),
    );
  });
});
