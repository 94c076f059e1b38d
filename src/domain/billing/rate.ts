import type { Currency } from './money-currency.ts';

/** What a call costs by one row of a tariff (R23). Amounts are in millionths of the currency's major unit. */
export type Rate = {
  readonly currency: Currency;
  readonly perMinuteMicros: bigint;
  /** Once a call, as soon as it is answered. */
  readonly connectFeeMicros: bigint;
  /** The least that is billed of an answered call, in seconds; at least 1. */
  readonly initialIncrementSeconds: number;
  /** The steps in which the rest is billed, in seconds; at least 1. */
  readonly nextIncrementSeconds: number;
  /** The least that a call costs that costs anything. */
  readonly minimumMicros: bigint;
  /** So many seconds of each call are not billed; a call that ends within them costs nothing at all. */
  readonly freeSeconds: number;
};
