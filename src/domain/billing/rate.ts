import { printAmount, printMoney } from './money.ts';
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

/** A rate as a person reads it: `60 KRW a minute, in steps of 60/1 s, 10 for the connection`. */
export function printRate(rate: Rate): string {
  const { currency, initialIncrementSeconds: initial, nextIncrementSeconds: next } = rate;
  const fee = printAmount({ currency, micros: rate.connectFeeMicros });
  const minimum = printAmount({ currency, micros: rate.minimumMicros });
  return [
    `${printMoney({ currency, micros: rate.perMinuteMicros })} a minute, in steps of ${initial}/${next} s`,
    ...(rate.connectFeeMicros === 0n ? [] : [`${fee} for the connection`]),
    ...(rate.minimumMicros === 0n ? [] : [`${minimum} at least`]),
    ...(rate.freeSeconds === 0 ? [] : [`${rate.freeSeconds} s free`]),
  ].join(', ');
}
