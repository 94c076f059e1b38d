import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, type Currency } from '../billing/index.ts';
import { LANGUAGES } from '../members/index.ts';
import { SOUNDS } from './announcement.ts';
import { spokenPrice } from './spoken-price.ts';

const ONE = 1_000_000n;

function price(currency: Currency, perMinuteMicros: bigint, connectFeeMicros = 0n) {
  return { currency, perMinuteMicros, connectFeeMicros };
}

describe('R23: what a call costs is said', () => {
  it('in English', () => {
    expect(spokenPrice(price('KRW', 60n * ONE), 'en')).toEqual([
      'price-call-costs',
      'number-60',
      'currency-krw',
      'price-a-minute',
    ]);
    expect(spokenPrice(price('USD', 50_000n, ONE), 'en')).toEqual([
      'price-call-costs',
      ...(['digit-0', 'number-point', 'digit-0', 'digit-5'] as const),
      'currency-usd',
      'price-a-minute',
      'price-and',
      'digit-1',
      'currency-one-usd',
      'price-for-connection',
    ]);
    expect(spokenPrice(price('EUR', ONE), 'en')).toContain('currency-one-eur');
    expect(spokenPrice(price('JPY', ONE), 'en')).toContain('currency-jpy');
  });

  it('in Korean', () => {
    expect(spokenPrice(price('KRW', 108n * ONE, 1_500n * ONE), 'ko')).toEqual([
      'price-call-costs',
      'number-100',
      'digit-8',
      'currency-krw',
      'pause',
      'price-connection',
      'number-1000',
      'number-500',
      'currency-krw',
    ]);
  });

  it('in Japanese', () => {
    expect(spokenPrice(price('JPY', 8_500_000n), 'ja')).toEqual([
      'price-call-costs',
      'digit-8',
      'number-point',
      'digit-5',
      'currency-jpy',
    ]);
  });

  it('with the letters of a currency that has no name here', () => {
    const letters = ['letter-c', 'letter-h', 'letter-f'];
    expect(spokenPrice(price('CHF', ONE), 'en').slice(2)).toEqual([...letters, 'price-a-minute']);
    expect(spokenPrice(price('CHF', ONE), 'ko').slice(2)).toEqual([...letters, 'price-is']);
    expect(spokenPrice(price('CHF', ONE), 'ja').slice(2)).toEqual([...letters, 'price-is']);
  });

  it('whatever it is, in sounds that are kept, and its currency is named', () => {
    const micros = fc.bigInt({ min: 0n, max: 2n ** 63n });
    const prices = fc.tuple(fc.constantFrom(...CURRENCIES), micros, fc.oneof(fc.constant(0n), micros));
    fc.assert(
      fc.property(prices, fc.constantFrom(...LANGUAGES), ([currency, perMinute, fee], language) => {
        const spoken = spokenPrice(price(currency, perMinute, fee), language);
        for (const sound of spoken) expect(['pause', ...SOUNDS[language]]).toContain(sound);
        const named = spoken.filter((sound) => /^(currency|letter)-/.test(sound));
        const times = fee === 0n ? 1 : 2;
        expect([times, 3 * times]).toContain(named.length);
      }),
    );
  });

  it('and every sound that is kept for it is said of some price', () => {
    for (const language of LANGUAGES) {
      const amounts = [0n, 1n, ...Array.from({ length: 20 }, (_, at) => BigInt(at))];
      const scales = [ONE, 10n * ONE, 100n * ONE, 1_000n * ONE, 10_000n * ONE, 10n ** 12n];
      const said = new Set(
        CURRENCIES.flatMap((currency) =>
          amounts.flatMap((amount) =>
            scales.flatMap((scale) => spokenPrice(price(currency, amount * scale, amount + 1n), language)),
          ),
        ),
      );
      const kept = SOUNDS[language].filter((id) => /^(currency|letter|price|number-(?!incomplete))/.test(id));
      expect(kept.filter((id) => !said.has(id))).toEqual([]);
    }
  });
});
