import type { Money } from '../money.ts';
import type { Currency } from '../money-currency.ts';

/** What one unit of a currency is worth in another, in 10⁻¹² of it, so that 1 KRW in KWD keeps eight digits. */
export type ExchangeRate = { readonly from: Currency; readonly to: Currency; readonly picos: bigint };

/** Decimals of a rate. */
export const RATE_DECIMALS = 12;

const PICOS = 10n ** BigInt(RATE_DECIMALS);

/** The amount in the other currency, rounded half a millionth away from zero. */
export function converted({ micros }: Money, { to, picos }: ExchangeRate): Money {
  const product = micros * picos;
  const half = product < 0n ? -PICOS / 2n : PICOS / 2n;
  return { currency: to, micros: (product + half) / PICOS };
}

/** The rate at which one amount, more than nothing, became another; in picos, rounded half up. */
export function rateBetween(from: Money, to: Money): ExchangeRate {
  const picos = (2n * to.micros * PICOS + from.micros) / (2n * from.micros);
  return { from: from.currency, to: to.currency, picos };
}

/** A rate as people write it: `1390.25`. */
export function printExchangeRate(picos: bigint): string {
  const digits = picos.toString().padStart(RATE_DECIMALS + 1, '0');
  const fraction = digits.slice(-RATE_DECIMALS).replace(/0+$/, '');
  return digits.slice(0, -RATE_DECIMALS) + (fraction === '' ? '' : `.${fraction}`);
}
