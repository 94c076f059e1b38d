import type { Money } from '../money.ts';
import type { Currency } from '../money-currency.ts';

/** What one unit of a currency is worth in another, in 10⁻¹² of it, so that 1 KRW in KWD keeps eight digits. */
export type ExchangeRate = { readonly from: Currency; readonly to: Currency; readonly picos: bigint };

const PICOS = 10n ** 12n;

/** The amount in the other currency, rounded half a millionth away from zero. */
export function converted({ micros }: Money, { to, picos }: ExchangeRate): Money {
  const product = micros * picos;
  const half = product < 0n ? -PICOS / 2n : PICOS / 2n;
  return { currency: to, micros: (product + half) / PICOS };
}
