import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Money } from '../money.ts';
import type { LedgerAccount } from './account.ts';
import { exchangeLines } from './exchange.ts';
import { converted, printExchangeRate, rateBetween } from './exchange-rate.ts';

const money = (currency: Money['currency'], units: number): Money => ({
  currency,
  micros: BigInt(Math.round(units * 1_000_000)),
});

/** What an account has more or less of after the lines, by currency. */
function changes(account: LedgerAccount, sold: Money, bought: Money) {
  if (account === 'exchange') throw new Error('It is not exchanged itself.');
  const lines = exchangeLines({ id: 'exchange/1', account, sold, bought, atMs: 0 });
  return lines.map(({ debit, credit, currency, micros }) => {
    expect([debit, credit].toSorted()).toEqual([account, 'exchange'].toSorted());
    return [currency, credit === account ? micros : -micros];
  });
}

describe('R23: one currency becomes another', () => {
  const sold = money('USD', 100);
  const bought = money('KRW', 139_025);

  it('by a line in each, so that both add up to zero and keep the rate', () => {
    const [first, second] = exchangeLines({ id: 'exchange/1', account: 'bank', sold, bought, atMs: 7 });
    expect(first).toEqual({
      kind: 'posted',
      id: 'exchange/1/sold',
      debit: 'exchange',
      credit: 'bank',
      currency: 'USD',
      micros: 100_000_000n,
      purpose: 'exchange',
      subject: 'exchange/1',
      atMs: 7,
      exchangeRatePicos: 1_390_250_000_000_000n,
    });
    expect(printExchangeRate(second.exchangeRatePicos ?? 0n)).toBe('0.000719295091');
  });

  it.each([
    ['bank', 100_000_000n, -139_025_000_000n],
    ['call-costs', 100_000_000n, -139_025_000_000n],
    ['member/mina', -100_000_000n, 139_025_000_000n],
    ['trunk/hudson', -100_000_000n, 139_025_000_000n],
    ['deposits', -100_000_000n, 139_025_000_000n],
    ['tax', -100_000_000n, 139_025_000_000n],
  ] as const)('on %s, less of what was sold and more of what was bought', (account, less, more) => {
    expect(changes(account, sold, bought)).toEqual([
      ['USD', less],
      ['KRW', more],
    ]);
  });

  it('at a rate that gives the amount back, to what twelve decimals can tell', () => {
    const amount = fc.bigInt({ min: 1_000_000n, max: 10n ** 15n });
    fc.assert(
      fc.property(amount, amount, (one, other) => {
        const rate = rateBetween({ currency: 'USD', micros: one }, { currency: 'KRW', micros: other });
        const back = converted({ currency: 'USD', micros: one }, rate).micros - other;
        const tolerance = one / (2n * 10n ** 12n) + 1n;
        expect(back <= tolerance && back >= -tolerance).toBe(true);
      }),
    );
  });
});
