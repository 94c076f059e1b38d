import { describe, expect, it } from 'vitest';
import { mayTryNext } from './failover.ts';

const way = { rang: false, silent: false, tried404: false };

describe('domain.md §4: whether the next way is tried', () => {
  it.each([
    ['503', { sipStatus: 503, q850Cause: 41 }, true],
    ['500', { sipStatus: 500, q850Cause: 41 }, true],
    ['504', { sipStatus: 504, q850Cause: 102 }, true],
    ['silence', { sipStatus: 408, q850Cause: 102, silent: true }, true],
    ['no circuit', { sipStatus: 403, q850Cause: 34 }, true],
    ['network out of order', { sipStatus: 404, q850Cause: 38 }, true],
    ['temporary failure', { sipStatus: 400, q850Cause: 41 }, true],
    ['congestion', { sipStatus: 433, q850Cause: 42 }, true],
    ['busy', { sipStatus: 486, q850Cause: 17 }, false],
    ['busy everywhere', { sipStatus: 600, q850Cause: 17 }, false],
    ['declined', { sipStatus: 603, q850Cause: 21 }, false],
    ['not available', { sipStatus: 480, q850Cause: 20 }, false],
    ['given up', { sipStatus: 487, q850Cause: 16 }, false],
    ['no shared codec', { sipStatus: 488, q850Cause: 65 }, false],
    ['barred', { sipStatus: 403, q850Cause: 21 }, false],
    ['incomplete', { sipStatus: 484, q850Cause: 28 }, false],
    ['rang, then 480', { sipStatus: 480, q850Cause: 19, rang: true }, false],
    ['rang, then 503', { sipStatus: 503, q850Cause: 41, rang: true }, false],
  ])('%s', (_, failed, goesOn) => {
    expect(mayTryNext({ ...way, ...failed }, { after404: true })).toBe(goesOn);
  });

  it('a 404 may be a lie, once, where the trunk is set up so', () => {
    const unknown = { ...way, sipStatus: 404, q850Cause: 1 };
    expect(mayTryNext(unknown, { after404: true })).toBe(true);
    expect(mayTryNext({ ...unknown, tried404: true }, { after404: true })).toBe(false);
    expect(mayTryNext(unknown, { after404: false })).toBe(false);
  });

  it('Q.850: a 404 whose cause is a fault of the way is no answer about the number', () => {
    const outOfOrder = { ...way, sipStatus: 404, q850Cause: 38 };
    expect(mayTryNext(outOfOrder, { after404: false })).toBe(true);
    expect(mayTryNext({ ...outOfOrder, tried404: true }, { after404: true })).toBe(true);
    expect(mayTryNext({ ...outOfOrder, rang: true }, { after404: true })).toBe(false);
  });
});
