import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, readTariff, TimeZone } from './index.ts';

function at(zone: string, text: string): string {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[- :]/).map(Number);
  return new Date(new TimeZone(zone).momentOf({ year, month, day, hour, minute, second: 0 })).toISOString();
}

describe('the clocks of a time zone', () => {
  it.each([
    ['Asia/Seoul', '2026-12-01 00:00', '2026-11-30T15:00:00.000Z'],
    ['Europe/Berlin', '2026-07-01 00:00', '2026-06-30T22:00:00.000Z'],
    ['Europe/Berlin', '2026-12-01 00:00', '2026-11-30T23:00:00.000Z'],
    ['UTC', '2028-02-29 12:30', '2028-02-29T12:30:00.000Z'],
    // Shown twice: the first time counts.
    ['Europe/Berlin', '2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
    ['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30:00.000Z'],
    // Left out: when the clocks jump over it.
    ['Europe/Berlin', '2026-03-29 02:00', '2026-03-29T01:00:00.000Z'],
    ['Africa/Cairo', '2026-04-24 00:00', '2026-04-23T22:00:00.000Z'],
  ])('show in %s %s at %s', (zone, wall, utc) => {
    expect(at(zone, wall)).toBe(utc);
  });

  it('are read as they are shown', () => {
    const zone = fc.constantFrom('Asia/Seoul', 'America/St_Johns', 'Australia/Lord_Howe', 'Europe/London');
    fc.assert(
      fc.property(zone, fc.nat(4_000_000_000), (name, seconds) => {
        const clocks = new TimeZone(name);
        const wall = clocks.wallTimeAt(seconds * 1_000);
        expect(clocks.wallTimeAt(clocks.momentOf(wall))).toEqual(wall);
      }),
    );
  });

  it.each([
    ['Asia/Seoul', true],
    ['UTC', true],
    ['+09:00', false],
    ['Asia/Atlantis', false],
    ['', false],
  ])('%j is a time zone: %s', (name, is) => {
    expect(isTimeZone(name)).toBe(is);
  });
});

describe('R23: a tariff', () => {
  const written = { name: 'retail-kr', kind: 'retail' as const, currency: 'KRW', timeZone: 'Asia/Seoul' };

  it('has a name, a currency and a time zone', () => {
    expect(readTariff(written, 5)).toEqual({ ok: true, value: { ...written, createdAtMs: 5 } });
  });

  it.each([
    [{ name: 'Retail' }, 'tariff-name-malformed'],
    [{ name: 'x'.repeat(33) }, 'tariff-name-malformed'],
    [{ currency: 'WON' }, 'currency-unknown'],
    [{ timeZone: 'Seoul' }, 'time-zone-unknown'],
  ])('with %o is refused: %s', (change, code) => {
    expect(readTariff({ ...written, ...change }, 0)).toMatchObject({ refusal: { code } });
  });
});
