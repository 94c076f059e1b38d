import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, type Money, parseMoney, printMoney } from '../index.ts';
import { coinMicros, printRate, readTaxation, taxed, taxOn, taxWithin } from './tax.ts';

function read(text: string): Money {
  const [amount = '', currency = ''] = text.split(' ');
  const money = parseMoney(amount, currency);
  if (!money.ok) throw new Error(money.refusal.detail);
  return money.value;
}

const amounts = fc
  .tuple(fc.constantFrom(...CURRENCIES), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }))
  .map(([currency, micros]) => ({ currency, micros }));
const rates = fc.integer({ min: 0, max: 999_999 });

describe('R24: the tax on what is sold', () => {
  it.each([
    ['55000 KRW', 100_000, '50000 KRW', '5000 KRW'],
    ['54999 KRW', 100_000, '49999 KRW', '5000 KRW'],
    ['10 KRW', 100_000, '9 KRW', '1 KRW'],
    ['5 KRW', 100_000, '5 KRW', '0 KRW'],
    ['6 KRW', 100_000, '5 KRW', '1 KRW'],
    ['11.00 USD', 100_000, '10.00 USD', '1.00 USD'],
    ['99.99 EUR', 190_000, '84.03 EUR', '15.96 EUR'],
    ['1.085 KWD', 85_000, '1.000 KWD', '0.085 KWD'],
  ])('within %s at %d millionths: %s and %s', (gross, rate, net, tax) => {
    const parts = taxWithin(read(gross), rate);
    expect([printMoney(parts.net), printMoney(parts.tax)]).toEqual([net, tax]);
  });

  it.each([
    ['50000 KRW', 100_000, '5000 KRW'],
    ['49995 KRW', 100_000, '5000 KRW'],
    ['49994 KRW', 100_000, '4999 KRW'],
    ['100.00 USD', 88_750, '8.88 USD'],
    ['0.10 USD', 50_000, '0.01 USD'],
  ])('on %s at %d millionths: %s', (net, rate, tax) => {
    expect(printMoney(taxOn(read(net), rate).tax)).toBe(tax);
  });

  it('net and tax are the price, the tax is whole coins within half a coin of the truth, and a refund mirrors it', () => {
    fc.assert(
      fc.property(amounts, rates, (gross, rate) => {
        const { net, tax } = taxWithin(gross, rate);
        expect(net.micros + tax.micros).toBe(gross.micros);
        const coin = coinMicros(gross.currency);
        expect(tax.micros % coin).toBe(0n);
        const part = 1_000_000n + BigInt(rate);
        const miss = tax.micros * part - gross.micros * BigInt(rate);
        expect(2n * (miss < 0n ? -miss : miss) <= coin * part).toBe(true);
        expect(taxWithin({ ...gross, micros: -gross.micros }, rate).tax.micros).toBe(-tax.micros);
      }),
    );
  });

  it('a net with its tax is a price in which the same tax is, to the coin', () => {
    fc.assert(
      fc.property(amounts, rates, (net, rate) => {
        const { tax } = taxOn(net, rate);
        const again = taxWithin({ ...net, micros: net.micros + tax.micros }, rate).tax;
        const miss = again.micros - tax.micros;
        expect(miss < 0n ? -miss : miss).toBeLessThanOrEqual(coinMicros(net.currency));
      }),
    );
  });

  it('a document has the tax in the sum of its lines, on top of it, or none', () => {
    const sum = read('55000 KRW');
    const vat = { name: 'VAT', ratePerMillion: 100_000 };
    expect(taxed(sum, { ...vat, taxIs: 'included' })).toMatchObject({ total: sum, taxes: [{ name: 'VAT' }] });
    expect(printMoney(taxed(sum, { ...vat, taxIs: 'added' }).total)).toBe('60500 KRW');
    expect(taxed(sum, undefined)).toEqual({ taxIs: 'included', taxes: [], total: sum });
  });
});

describe('the tax an operator sets up', () => {
  it.each([
    ['VAT 10% included', { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' }],
    [' 부가가치세 10 % added ', { name: '부가가치세', ratePerMillion: 100_000, taxIs: 'added' }],
    ['Sales tax 8.875% added', { name: 'Sales tax', ratePerMillion: 88_750, taxIs: 'added' }],
    ['VAT 0% included', { name: 'VAT', ratePerMillion: 0, taxIs: 'included' }],
  ])('%s', (text, taxation) => {
    expect(readTaxation(text)).toEqual(taxation);
  });

  it.each([
    '',
    'VAT',
    '10% included',
    'VAT 10%',
    'VAT 10% on top',
    'VAT 100% included',
    'VAT -1% added',
    'VAT 1.23456% added',
  ])('"%s" is none', (text) => {
    expect(readTaxation(text)).toBeUndefined();
  });

  it('a rate is shown without empty decimals', () => {
    expect([100_000, 88_750, 0, 5_000].map(printRate)).toEqual(['10%', '8.875%', '0%', '0.5%']);
  });
});
