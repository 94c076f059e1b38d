import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saleTerms } from '../../../../test/support/charging-terms.ts';
import { priceMicros, type Rate } from '../index.ts';
import { finishCharge } from './finish-charge.ts';
import { type MeterEffect, needsMeter, startMeter, stepMeter } from './meter.ts';

const anyRate: fc.Arbitrary<Rate> = fc.record({
  currency: fc.constantFrom('USD' as const, 'KRW' as const, 'KWD' as const),
  perMinuteMicros: fc.bigInt({ min: 0n, max: 90_000_000n }),
  connectFeeMicros: fc.bigInt({ min: 0n, max: 20_000_000n }),
  initialIncrementSeconds: fc.integer({ min: 1, max: 120 }),
  nextIncrementSeconds: fc.integer({ min: 1, max: 120 }),
  minimumMicros: fc.bigInt({ min: 0n, max: 20_000_000n }),
  freeSeconds: fc.integer({ min: 0, max: 45 }),
});
const anyDurationMs = fc.integer({ min: 1, max: 3 * 3_600_000 });

/** Talks on credit without end, and adds up what was kept back until then, slice by slice. */
function reservedFor(rate: Rate, durationMs: number): bigint {
  let reserved = 0n;
  let [meter, effects] = startMeter(rate, 'call');
  const count = (all: readonly MeterEffect[]) => {
    for (const effect of all) if (effect.kind === 'reserve') reserved += effect.slice.micros;
  };
  count(effects);
  [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
  [meter, effects] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 0);
  for (;;) {
    const timer = effects.find((effect) => effect.kind === 'start-extension-timer');
    const dueMs = meter.paidUntilMs - 20_000;
    if (timer === undefined || dueMs > durationMs) return reserved;
    [meter, effects] = stepMeter(meter, { kind: 'extension-due' }, Math.max(0, dueMs));
    count(effects);
    [meter, effects] = stepMeter(meter, { kind: 'reserved' }, Math.max(0, dueMs));
  }
}

describe('R23: one price', () => {
  it('the quote, what is charged afterwards and what credit pays for are the same, for any duration and tariff', () => {
    fc.assert(
      fc.property(anyRate, anyDurationMs, (rate, durationMs) => {
        const quote = priceMicros(rate, durationMs);
        const postpaid = finishCharge(saleTerms({ rate }), {
          id: 'c',
          answeredAtMs: 0,
          endedAtMs: durationMs,
        });
        expect(postpaid.micros).toBe(quote);
        if (!needsMeter(rate)) return;
        // Prepaid: what was kept back is enough for the price, and pays for nothing less than the talk.
        const reserved = reservedFor(rate, durationMs);
        expect(reserved).toBeGreaterThanOrEqual(quote);
      }),
    );
  });

  it('slices add up to the price of what they pay for', () => {
    fc.assert(
      fc.property(anyRate, anyDurationMs, (rate, durationMs) => {
        if (!needsMeter(rate)) return;
        let [meter, effects] = startMeter(rate, 'call');
        const slices: bigint[] = [];
        for (let turn = 0; turn < 40 && meter.paidUntilMs < durationMs; turn += 1) {
          for (const effect of effects) if (effect.kind === 'reserve') slices.push(effect.slice.micros);
          [meter] = stepMeter(meter, { kind: 'reserved' }, 0);
          if (meter.phase === 'ready') [meter] = stepMeter(meter, { kind: 'answered', atMs: 0 }, 0);
          // Where only the connection costs something, a call of a day costs no more.
          const untilMs = Math.min(meter.paidUntilMs, 86_400_000);
          expect(slices.reduce((sum, slice) => sum + slice, 0n)).toBe(priceMicros(rate, untilMs));
          [meter, effects] = stepMeter(meter, { kind: 'extension-due' }, 0);
        }
      }),
    );
  });
});
