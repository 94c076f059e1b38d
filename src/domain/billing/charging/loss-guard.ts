import { converted, type ExchangeRate } from '../ledger/index.ts';
import { priceMicros } from '../rating.ts';
import type { ChargeRate } from './charge.ts';

/** Talking times at which a price is held against a cost: fees and increments tell in short calls, minutes in long ones. */
const COMPARED_MS = [60_000, 600_000];

/**
 * Whether a call would cost us more than it brings, at a minute or at ten.
 * @returns `unknown` where they are in currencies whose worth in each other is not set up
 */
export function losesMoney(
  sale: Pick<ChargeRate, 'rate'>,
  cost: Pick<ChargeRate, 'rate'>,
  exchangeRates: readonly ExchangeRate[],
): boolean | 'unknown' {
  const { currency } = sale.rate;
  const rate = exchangeRates.find(({ from, to }) => from === cost.rate.currency && to === currency);
  if (cost.rate.currency !== currency && rate === undefined) return 'unknown';
  return COMPARED_MS.some((durationMs) => {
    const asked = { currency: cost.rate.currency, micros: priceMicros(cost.rate, durationMs) };
    const inOurs = rate === undefined ? asked : converted(asked, rate);
    return inOurs.micros > priceMicros(sale.rate, durationMs);
  });
}
