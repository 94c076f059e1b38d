import type { Rate } from './rate.ts';

/*
 * One function says what a call costs: for the quote before it, for the credit that is reserved, for its price at the
 * end and for what the carrier asks (R23). It is a staircase over the duration that never goes down, so that slices of
 * a call add up to its price: a slice is the difference of two of its values.
 */

const SECONDS_PER_MINUTE = 60n;

/**
 * How many seconds of a call are billed: none of one that was not answered, the initial increment of a short one, and
 * of a longer one the rest in whole next increments.
 * @param durationMs from answer to end; undefined where nobody answered. A second that has begun counts
 */
export function billedSeconds(rate: Rate, durationMs: number | undefined): number {
  if (durationMs === undefined) return 0;
  const { initialIncrementSeconds: initial, nextIncrementSeconds: next, freeSeconds } = rate;
  const seconds = Math.ceil(Math.max(0, durationMs) / 1_000);
  if (freeSeconds > 0 && seconds <= freeSeconds) return 0;
  const counted = seconds - freeSeconds;
  return counted <= initial ? initial : initial + Math.ceil((counted - initial) / next) * next;
}

/**
 * What a call costs, in millionths of the rate's currency, rounded once, half a millionth upwards.
 * @param durationMs from answer to end; undefined where nobody answered, which costs nothing
 */
export function priceMicros(rate: Rate, durationMs: number | undefined): bigint {
  return priceOfSeconds(rate, billedSeconds(rate, durationMs));
}

/**
 * The longest duration that costs at most so much, in milliseconds: until then a call may last, and a millisecond
 * longer it may not.
 * @param creditMicros 0 or more
 * @returns 0 where not even the first increment is paid for, and undefined where it may last for ever
 */
export function longestDurationMs(rate: Rate, creditMicros: bigint): number | undefined {
  const { initialIncrementSeconds: initial, nextIncrementSeconds: next, freeSeconds } = rate;
  if (priceOfSeconds(rate, initial) > creditMicros) return freeSeconds * 1_000;
  if (rate.perMinuteMicros === 0n) return undefined;
  // The steps that certainly fit, by the price without its rounding; the one that rounding adds is tried.
  const forTime = creditMicros - rate.connectFeeMicros;
  const seconds = (forTime * SECONDS_PER_MINUTE) / rate.perMinuteMicros;
  let steps = (seconds - BigInt(initial)) / BigInt(next);
  if (steps < 0n) steps = 0n;
  while (priceOfSeconds(rate, initial + Number(steps + 1n) * next) <= creditMicros) steps += 1n;
  return (freeSeconds + initial + Number(steps) * next) * 1_000;
}

function priceOfSeconds(rate: Rate, seconds: number): bigint {
  if (seconds === 0) return 0n;
  const timed = BigInt(seconds) * rate.perMinuteMicros;
  const price = rate.connectFeeMicros + (timed + SECONDS_PER_MINUTE / 2n) / SECONDS_PER_MINUTE;
  return price < rate.minimumMicros ? rate.minimumMicros : price;
}
