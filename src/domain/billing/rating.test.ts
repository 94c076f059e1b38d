import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate } from './rate.ts';
import { billedSeconds, longestDurationMs, priceMicros } from './rating.ts';

const PER_SECOND: Rate = {
  currency: 'USD',
  perMinuteMicros: 6_000n,
  connectFeeMicros: 0n,
  initialIncrementSeconds: 1,
  nextIncrementSeconds: 1,
  minimumMicros: 0n,
  freeSeconds: 0,
};

const anyRate: fc.Arbitrary<Rate> = fc.record({
  currency: fc.constant('USD' as const),
  perMinuteMicros: fc.bigInt({ min: 0n, max: 5_000_000n }),
  connectFeeMicros: fc.bigInt({ min: 0n, max: 500_000n }),
  initialIncrementSeconds: fc.integer({ min: 1, max: 180 }),
  nextIncrementSeconds: fc.integer({ min: 1, max: 180 }),
  minimumMicros: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 1_000_000n })),
  freeSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
});
const anyDurationMs = fc.integer({ min: 0, max: 4 * 3_600_000 });

describe('R23: what a call costs', () => {
  it.each([
    [32, 3_600n],
    [57, 6_000n],
    [75, 7_800n],
  ])('%i s at 0.006 a minute in steps of 30/6', (seconds, micros) => {
    const rate = { ...PER_SECOND, initialIncrementSeconds: 30, nextIncrementSeconds: 6 };
    expect(priceMicros(rate, seconds * 1_000)).toBe(micros);
  });

  it('a call that nobody answers is free, and one that ends at once costs the first increment', () => {
    const rate = { ...PER_SECOND, connectFeeMicros: 10_000n, initialIncrementSeconds: 60 };
    expect(priceMicros(rate, undefined)).toBe(0n);
    expect(priceMicros(rate, 0)).toBe(16_000n);
  });

  it('a second that has begun counts', () => {
    expect(billedSeconds(PER_SECOND, 1_000)).toBe(1);
    expect(billedSeconds(PER_SECOND, 1_001)).toBe(2);
  });

  it('a call within its free seconds costs nothing, and a longer one the seconds after them', () => {
    const rate = { ...PER_SECOND, connectFeeMicros: 10_000n, freeSeconds: 10 };
    expect(priceMicros(rate, 10_000)).toBe(0n);
    expect(priceMicros(rate, 11_000)).toBe(10_100n);
  });

  it('a call that costs anything costs the minimum', () => {
    const rate = { ...PER_SECOND, minimumMicros: 5_000n };
    expect(priceMicros(rate, 1_000)).toBe(5_000n);
    expect(priceMicros(rate, 60_000)).toBe(6_000n);
  });

  it('the price never goes down as a call gets longer', () => {
    fc.assert(
      fc.property(anyRate, anyDurationMs, anyDurationMs, (rate, one, other) => {
        const [shorter, longer] = one < other ? [one, other] : [other, one];
        expect(priceMicros(rate, shorter)).toBeLessThanOrEqual(priceMicros(rate, longer));
      }),
    );
  });

  it('a credit lasts exactly as long as it pays for', () => {
    fc.assert(
      fc.property(anyRate, fc.bigInt({ min: 0n, max: 30_000_000n }), (rate, credit) => {
        const lastsMs = longestDurationMs(rate, credit);
        if (lastsMs === undefined) {
          expect(priceMicros(rate, 100 * 3_600_000)).toBeLessThanOrEqual(credit);
          return;
        }
        if (lastsMs > 0) expect(priceMicros(rate, lastsMs)).toBeLessThanOrEqual(credit);
        expect(priceMicros(rate, lastsMs + 1)).toBeGreaterThan(credit);
      }),
    );
  });

  it('the price of a credit’s whole length is the most of it that can be spent', () => {
    fc.assert(
      fc.property(anyRate, anyDurationMs, (rate, durationMs) => {
        const lastsMs = longestDurationMs(rate, priceMicros(rate, durationMs));
        if (lastsMs !== undefined) expect(lastsMs).toBeGreaterThanOrEqual(durationMs);
      }),
    );
  });
});
