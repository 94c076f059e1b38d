import { describe, expect, it } from 'vitest';
import { taxMonth } from './taxed-month.ts';

const OCTOBER = {
  period: { fromMs: 0, untilMs: 1, name: '2026-10-01' },
  cutLine: 7,
  ratePerMillion: 100_000,
  countedAtMs: 3,
};

describe('R23: the tax in the calls of a month', () => {
  it('is rounded to the coin once a currency, and leaves the revenue', () => {
    const [month, entries] = taxMonth(OCTOBER, [
      { currency: 'KRW', micros: 242_508_333n },
      { currency: 'USD', micros: 1_234_567n },
    ]);
    // A tenth on top is an eleventh within: 22.046 won are 22, 11.2233 cents are 11.
    expect(month.taxes.map(({ tax }) => tax.micros)).toEqual([22_000_000n, 110_000n]);
    expect(entries).toEqual([
      {
        kind: 'posted',
        id: 'call-tax/2026-10-01/KRW',
        debit: 'call-revenue',
        credit: 'tax',
        currency: 'KRW',
        micros: 22_000_000n,
        purpose: 'tax',
        subject: 'call-tax/2026-10-01',
        atMs: 3,
      },
      expect.objectContaining({ id: 'call-tax/2026-10-01/USD', micros: 110_000n }),
    ]);
  });

  it('comes back where corrections took off more than was earned', () => {
    const [, entries] = taxMonth(OCTOBER, [{ currency: 'KRW', micros: -1_100_000_000n }]);
    expect(entries).toMatchObject([{ debit: 'tax', credit: 'call-revenue', micros: 100_000_000n }]);
  });

  it('moves nothing where no tax is charged, or less than half a coin', () => {
    const earned = [{ currency: 'KRW', micros: 5_000_000n }] as const;
    expect(taxMonth(OCTOBER, earned)[1]).toEqual([]);
    const [month, entries] = taxMonth({ ...OCTOBER, ratePerMillion: 0 }, [
      { ...earned[0], micros: 10n ** 12n },
    ]);
    expect([month.taxes[0]?.tax.micros, entries]).toEqual([0n, []]);
  });
});
