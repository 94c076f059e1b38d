import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anniversary } from './anniversary.ts';

const at = (text: string) => Date.parse(text);

describe('R24: a year by the calendar of the provider', () => {
  it.each([
    ['a day like others', '2026-11-25T09:30:00+09:00', 1, 'Asia/Seoul', '2027-11-25T09:30:00+09:00'],
    ['29 February', '2028-02-29T12:00:00Z', 1, 'UTC', '2029-02-28T12:00:00Z'],
    ['29 February, four years on', '2028-02-29T12:00:00Z', 4, 'UTC', '2032-02-29T12:00:00Z'],
    ['29 February, a century', '2096-02-29T12:00:00Z', 4, 'UTC', '2100-02-28T12:00:00Z'],
    ['28 February', '2027-02-28T12:00:00Z', 1, 'UTC', '2028-02-28T12:00:00Z'],
    [
      '29 February in Seoul, still the 28th in Greenwich',
      '2028-02-28T16:00:00Z',
      1,
      'Asia/Seoul',
      '2029-02-28T01:00:00+09:00',
    ],
    [
      'summer time begins on another day',
      '2025-03-30T12:00:00+02:00',
      1,
      'Europe/Berlin',
      '2026-03-30T12:00:00+02:00',
    ],
    [
      'the hour that spring leaves out',
      '2025-03-29T02:30:00+01:00',
      1,
      'Europe/Berlin',
      '2026-03-29T03:30:00+02:00',
    ],
    ['31 December', '2026-12-31T23:59:59.999+09:00', 2, 'Asia/Seoul', '2028-12-31T23:59:59.999+09:00'],
  ])('%s', (_, start, years, zone, end) => {
    expect(new Date(anniversary(at(start), years, zone)).toISOString()).toBe(new Date(end).toISOString());
  });

  it('R24: years are 365 or 366 days, give or take the hour of summer time', () => {
    const HOUR_MS = 3_600_000;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('UTC', 'Asia/Seoul', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        (start, years, zone) => {
          const days =
            (anniversary(start, years, zone) - anniversary(start, years - 1, zone)) / (24 * HOUR_MS);
          expect(days).toBeGreaterThan(364.9);
          expect(days).toBeLessThan(366.1);
        },
      ),
    );
  });
});
