import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saleTerms, WON, WON_A_SECOND } from '../../../../test/support/charging-terms.ts';
import { bookingOf, continuedTerms, finishCharge } from './finish-charge.ts';

const SALE = saleTerms({
  rate: {
    ...WON_A_SECOND,
    connectFeeMicros: 10n * WON,
    initialIncrementSeconds: 30,
    nextIncrementSeconds: 6,
  },
});

describe('R23: the charge of a leg', () => {
  it('is what its duration costs', () => {
    expect(finishCharge(SALE, { id: 'c1', answeredAtMs: 1_000, endedAtMs: 33_000 })).toMatchObject({
      id: 'c1/sale',
      billedSeconds: 36,
      micros: 46_000_000n,
    });
  });

  it('is shared between the calls that a transferred leg talks in, and adds up to the price of one', () => {
    const ms = fc.integer({ min: 0, max: 600_000 });
    fc.assert(
      fc.property(ms, ms, ms, (first, second, third) => {
        const [c1, c2, c3] = [first, first + second, first + second + third];
        const moved = continuedTerms(SALE, { id: 'c1', answeredAtMs: 0 }, c1);
        const again = continuedTerms(moved, { id: 'c2', answeredAtMs: c1 }, c2);
        const charges = [
          finishCharge(SALE, { id: 'c1', answeredAtMs: 0, endedAtMs: c1 }),
          finishCharge(moved, { id: 'c2', answeredAtMs: c1, endedAtMs: c2 }),
          finishCharge(again, { id: 'c3', answeredAtMs: c2, endedAtMs: c3 }),
        ];
        const whole = finishCharge(SALE, { id: 'whole', answeredAtMs: 0, endedAtMs: c3 });
        expect(charges.reduce((sum, { micros }) => sum + micros, 0n)).toBe(whole.micros);
        expect(charges.reduce((sum, charge) => sum + charge.billedSeconds, 0)).toBe(whole.billedSeconds);
        expect(new Set(charges.map(({ id }) => id)).size).toBe(3);
      }),
    );
  });

  it('is never less than nothing, though the clock went back after a leg was transferred', () => {
    const moved = continuedTerms(SALE, { id: 'c1', answeredAtMs: 0 }, 300_000);
    expect(finishCharge(moved, { id: 'c2', answeredAtMs: 100_000, endedAtMs: 200_000 })).toMatchObject({
      billedSeconds: 0,
      micros: 0n,
    });
  });

  it('is booked from who pays to who is paid', () => {
    expect(bookingOf(SALE, 'c1')).toMatchObject({ debit: 'member/mina', credit: 'call-revenue' });
    const cost = { ...SALE, kind: 'cost', account: 'trunk/bt', paidBy: 'us' } as const;
    expect(bookingOf(cost, 'c1')).toMatchObject({ debit: 'call-costs', credit: 'trunk/bt' });
    const inbound = { ...SALE, kind: 'inbound', account: 'trunk/bt' } as const;
    expect(bookingOf(inbound, 'c1')).toMatchObject({ debit: 'trunk/bt', credit: 'interconnect-revenue' });
  });
});
