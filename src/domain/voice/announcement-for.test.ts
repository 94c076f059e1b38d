import { describe, expect, it } from 'vitest';
import { ANSWERS } from '../exchange/index.ts';
import { announcementFor } from './announcement-for.ts';

const BUSY = { sipStatus: 486, q850Cause: 17 };
const NO_ANSWER = { sipStatus: 480, q850Cause: 19 };
const NOT_REGISTERED = { sipStatus: 480, q850Cause: 20 };
const UNKNOWN = { sipStatus: 404, q850Cause: 1, refusal: 'number-not-in-service' };
const NO_ROUTE = { sipStatus: 404, q850Cause: 3, refusal: 'destination-not-served' };
const NO_HELP = { sipStatus: 404, q850Cause: 3, refusal: 'emergency-not-served' };
const NO_CREDIT = { sipStatus: 402, q850Cause: 21 };
const LINES_BUSY = { sipStatus: 503, q850Cause: 34 };
const DECLINED = { sipStatus: 603, q850Cause: 21 };

describe('R16: what a refused caller is told', () => {
  it.each([
    [BUSY, 'busy'],
    [NO_ANSWER, 'cannot-be-reached'],
    [NOT_REGISTERED, 'cannot-be-reached'],
    [UNKNOWN, 'not-in-service'],
    [NO_ROUTE, 'destination-not-served'],
    [NO_HELP, 'emergency-not-connected'],
    [NO_CREDIT, 'no-credit'],
    [LINES_BUSY, 'lines-busy'],
    [DECLINED, 'cannot-be-reached'],
    [{ sipStatus: 403, q850Cause: 21 }, 'not-permitted'],
    [{ sipStatus: 484, q850Cause: 28 }, 'number-incomplete'],
    [{ sipStatus: 410, q850Cause: 22 }, 'not-in-service'],
    [{ sipStatus: 499, q850Cause: 31 }, 'cannot-be-reached'],
  ])('R18: %o in a call that was answered to ask for the number is %s', (refused, id) => {
    expect(announcementFor(refused, 'answered', 'never')).toBe(id);
  });

  it.each([UNKNOWN, NO_ROUTE, NO_CREDIT, NOT_REGISTERED])('a caller from a trunk hears of %o', (refused) => {
    expect(announcementFor(refused, 'trunk')).toBeDefined();
  });

  it.each([BUSY, NO_ANSWER, LINES_BUSY, DECLINED])(
    'RFC 3398 §8.2.6.1: the network of a caller from a trunk has its own tone for %o',
    (refused) => {
      expect(announcementFor(refused, 'trunk')).toBeUndefined();
      expect(announcementFor(refused, 'trunk', 'always')).toBeDefined();
    },
  );

  it('a phone of ours shows the refusal itself, unless the operator wishes otherwise', () => {
    for (const refused of [BUSY, NO_ANSWER, UNKNOWN, NO_CREDIT]) {
      expect(announcementFor(refused, 'phone')).toBeUndefined();
      expect(announcementFor(refused, 'phone', 'always')).toBeDefined();
    }
  });

  it('an operator may wish for no voice at all', () => {
    expect(announcementFor(UNKNOWN, 'trunk', 'never')).toBeUndefined();
  });

  it('whoever calls for help where there is none is told, whoever it is and whatever is wished', () => {
    for (const listener of ['phone', 'trunk', 'answered'] as const)
      expect(announcementFor(NO_HELP, listener, 'never')).toBe('emergency-not-connected');
  });

  it('a caller who gave up hears nothing', () => {
    expect(announcementFor({ sipStatus: 487, q850Cause: 16 }, 'answered', 'always')).toBeUndefined();
  });

  it('no refusal of what was dialled is said to be a callee who cannot be reached', () => {
    for (const [refusal, answer] of Object.entries(ANSWERS))
      expect(announcementFor({ ...answer, refusal }, 'answered'), refusal).not.toBe('cannot-be-reached');
  });
});
