import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIOD_KINDS } from './agreement.ts';
import { type Cutting, periodAt, periodFrom } from './period.ts';

const at = (text: string) => Date.parse(text);

function spanAt(text: string, cutting: Cutting): readonly string[] {
  const { fromMs, untilMs, name } = periodAt(at(text), cutting);
  return [name, new Date(fromMs).toISOString(), new Date(untilMs).toISOString()];
}

describe('periods', () => {
  it('R23: a month begins at midnight of the agreement’s time zone', () => {
    expect(spanAt('2026-10-31T15:00:00Z', { timeZone: 'Asia/Seoul', period: 'month' })).toEqual([
      '2026-11-01',
      '2026-10-31T15:00:00.000Z',
      '2026-11-30T15:00:00.000Z',
    ]);
    expect(spanAt('2026-12-31T23:59:59.999Z', { timeZone: 'Etc/UTC', period: 'month' })).toEqual([
      '2026-12-01',
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ]);
  });

  it('R23: a month in which clocks change has an hour more or less', () => {
    const london = { timeZone: 'Europe/London', period: 'month' } as const;
    const march = periodAt(at('2026-03-15T00:00:00Z'), london);
    const october = periodAt(at('2026-10-15T00:00:00Z'), london);
    expect((march.untilMs - march.fromMs) / 3_600_000).toBe(31 * 24 - 1);
    expect((october.untilMs - october.fromMs) / 3_600_000).toBe(31 * 24 + 1);
  });

  it('R23: half months are cut at the sixteenth', () => {
    const cutting = { timeZone: 'America/New_York', period: 'half-month' } as const;
    expect(spanAt('2026-11-16T04:59:59Z', cutting)[0]).toBe('2026-11-01');
    expect(spanAt('2026-11-16T05:00:00Z', cutting)).toEqual([
      '2026-11-16',
      '2026-11-16T05:00:00.000Z',
      '2026-12-01T05:00:00.000Z',
    ]);
  });

  it('ISO 8601 §3.1.1.23: weeks begin on Monday', () => {
    const cutting = { timeZone: 'Asia/Seoul', period: 'week' } as const;
    expect(spanAt('2026-11-25T10:00:00Z', cutting)).toEqual([
      '2026-11-23',
      '2026-11-22T15:00:00.000Z',
      '2026-11-29T15:00:00.000Z',
    ]);
    expect(spanAt('1969-12-31T00:00:00Z', cutting)[0]).toBe('1969-12-29');
  });

  it('R23: a day without a midnight begins when the clocks begin it', () => {
    // In Cairo the clocks go from 00:00 to 01:00 on the last Friday of April.
    const cutting = { timeZone: 'Africa/Cairo', period: 'week' } as const;
    expect(periodAt(at('2026-04-24T12:00:00Z'), cutting).name).toBe('2026-04-20');
  });

  it('R23: periods follow each other without a gap, whatever the zone', () => {
    const zones = ['Asia/Seoul', 'Europe/London', 'America/St_Johns', 'Pacific/Apia', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(
        fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
        fc.constantFrom(...zones),
        fc.constantFrom(...PERIOD_KINDS),
        (atMs, timeZone, period) => {
          const cutting = { timeZone, period };
          const current = periodAt(atMs, cutting);
          expect(current.fromMs).toBeLessThanOrEqual(atMs);
          expect(current.untilMs).toBeGreaterThan(atMs);
          const next = periodFrom(current.untilMs, cutting);
          expect(next).toEqual(periodAt(current.untilMs, cutting));
          expect(next.fromMs).toBe(current.untilMs);
        },
      ),
    );
  });

  it('R23: where the agreement cuts otherwise from now on, the first period is what is left', () => {
    const november = periodAt(at('2026-11-10T00:00:00Z'), { timeZone: 'Asia/Seoul', period: 'month' });
    const next = periodFrom(november.untilMs, { timeZone: 'Europe/London', period: 'month' });
    expect([next.name, new Date(next.fromMs).toISOString(), new Date(next.untilMs).toISOString()]).toEqual([
      '2026-11-30',
      '2026-11-30T15:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ]);
  });
});
