import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPayable, parseMoney, printAmount, printMoney, sameMoney } from './money.ts';
import { CURRENCIES, minorDigits } from './money-currency.ts';

describe('R23: money is whole millionths', () => {
  it.each([
    ['55000', 'KRW', 55_000_000_000n, '55000 KRW'],
    ['12.5', 'USD', 12_500_000n, '12.50 USD'],
    ['0.125', 'KWD', 125_000n, '0.125 KWD'],
    ['0', 'JPY', 0n, '0 JPY'],
    ['9000000000000', 'JPY', 9_000_000_000_000_000_000n, '9000000000000 JPY'],
  ])('%s %s', (amount, currency, micros, printed) => {
    const read = parseMoney(amount, currency);
    expect(read).toEqual({ ok: true, value: { currency, micros } });
    if (read.ok) expect(printMoney(read.value)).toBe(printed);
  });

  it.each([
    ['0.5', 'KRW', 'amount-malformed'],
    ['1.001', 'USD', 'amount-malformed'],
    ['-1', 'USD', 'amount-malformed'],
    ['1e3', 'USD', 'amount-malformed'],
    ['1,000', 'USD', 'amount-malformed'],
    ['', 'USD', 'amount-malformed'],
    ['9999999999999', 'JPY', 'amount-malformed'],
    ['1', 'WON', 'currency-unknown'],
    ['1', 'toString', 'currency-unknown'],
  ])('%s %s is refused with %s', (amount, currency, code) => {
    expect(parseMoney(amount, currency)).toMatchObject({ refusal: { code } });
  });

  it('what is printed is read as the same amount', () => {
    const money = fc
      .tuple(fc.constantFrom(...CURRENCIES), fc.bigInt({ min: 0n, max: 10n ** 12n }))
      .map(([currency, coins]) => ({ currency, micros: coins * 10n ** BigInt(6 - minorDigits(currency)) }));
    fc.assert(
      fc.property(money, (amount) => {
        expect(parseMoney(printAmount(amount), amount.currency)).toEqual({ ok: true, value: amount });
        expect(isPayable(amount)).toBe(true);
      }),
    );
  });

  it('is the same only in the same currency, and shows what no coin pays', () => {
    expect(sameMoney({ currency: 'KRW', micros: 1n }, { currency: 'JPY', micros: 1n })).toBe(false);
    expect(printAmount({ currency: 'KRW', micros: -1_500_000n })).toBe('-1.5');
    expect(isPayable({ currency: 'KRW', micros: 1_500_000n })).toBe(false);
  });
});
