import type { Money } from '../money.ts';
import { type Currency, minorDigits } from '../money-currency.ts';
import type { DocumentTax } from './document.ts';

const ONE = 1_000_000n;

/** What a tax is charged on, and the tax: together they are what is paid. */
export type Taxed = { readonly net: Money; readonly tax: Money };

/**
 * The tax in a price that includes it, rounded half up to the currency's coin (below zero, half down, so that a refund
 * mirrors its sale). What is left is the net, so that the two always make the price.
 * @param ratePerMillion whole millionths, from 0 on: 100 000 is 10 %
 */
export function taxWithin(gross: Money, ratePerMillion: number): Taxed {
  const rate = BigInt(ratePerMillion);
  const tax = toCoins(gross.micros * rate, ONE + rate, gross.currency);
  return { net: { ...gross, micros: gross.micros - tax }, tax: { ...gross, micros: tax } };
}

/** The tax on a price that does not include it, rounded as `taxWithin` does. */
export function taxOn(net: Money, ratePerMillion: number): Taxed {
  const tax = toCoins(net.micros * BigInt(ratePerMillion), ONE, net.currency);
  return { net, tax: { ...net, micros: tax } };
}

/** A fraction of micros as whole coins, in micros. */
function toCoins(numerator: bigint, denominator: bigint, currency: Currency): bigint {
  const coin = coinMicros(currency);
  const size = numerator < 0n ? -numerator : numerator;
  const coins = (2n * size + denominator * coin) / (2n * denominator * coin);
  return (numerator < 0n ? -coins : coins) * coin;
}

/** The smallest coin in millionths: 1 000 000 of KRW, 10 000 of USD. */
export function coinMicros(currency: Currency): bigint {
  return 10n ** BigInt(6 - minorDigits(currency));
}

/** The tax that a seller charges: `VAT 10% included`. */
export type Taxation = {
  readonly name: string;
  readonly ratePerMillion: number;
  /** Whether prices have it in them already. */
  readonly taxIs: 'included' | 'added';
};

/**
 * Reads how a seller charges tax.
 * @param text name, percentage and `included` or `added`: `VAT 10% included`, `Sales tax 8.875% added`
 * @returns undefined where it is anything else, or at 100 % and more
 */
export function readTaxation(text: string): Taxation | undefined {
  const parts = /^(\P{Cc}{1,40}?)\s+(\d{1,2})(?:\.(\d{1,4}))?\s*%\s+(included|added)$/u.exec(text.trim());
  if (parts === null) return undefined;
  const [, name = '', whole = '', fraction = '', taxIs] = parts;
  const ratePerMillion = Number(`${whole}${fraction.padEnd(4, '0')}`);
  return { name, ratePerMillion, taxIs: taxIs === 'included' ? 'included' : 'added' };
}

/** A rate as a person reads it: `10%`, `8.875%`. */
export function printRate(ratePerMillion: number): string {
  const fraction = String(ratePerMillion % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${Math.floor(ratePerMillion / 10_000)}${fraction === '' ? '' : `.${fraction}`}%`;
}

/**
 * What a document says of tax and total for the sum of its lines.
 * @param taxation undefined where no tax is charged
 */
export function taxed(
  linesSum: Money,
  taxation: Taxation | undefined,
): { readonly taxIs: 'included' | 'added'; readonly taxes: readonly DocumentTax[]; readonly total: Money } {
  if (taxation === undefined) return { taxIs: 'included', taxes: [], total: linesSum };
  const { name, ratePerMillion, taxIs } = taxation;
  const { net, tax } = (taxIs === 'included' ? taxWithin : taxOn)(linesSum, ratePerMillion);
  const total = { ...net, micros: net.micros + tax.micros };
  return { taxIs, taxes: [{ name, ratePerMillion, net, tax }], total };
}
