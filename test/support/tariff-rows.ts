import type { Rate } from '../../src/domain/billing/index.ts';
import type { DeckReading, OpenRow, Tariff, TariffRow } from '../../src/domain/billing/tariffs/index.ts';
import { readDeck } from '../../src/domain/billing/tariffs/index.ts';

/** A carrier's tariff of a test. */
export const CARRIER_USD: Tariff = {
  name: 'kt-usd',
  kind: 'carrier',
  currency: 'USD',
  timeZone: 'Asia/Seoul',
  createdAtMs: 0,
};

/** So much a minute by the second, and nothing else. */
export function rateOf(perMinuteMicros: bigint, change: Partial<Rate> = {}): Rate {
  return {
    currency: 'USD',
    perMinuteMicros,
    connectFeeMicros: 0n,
    initialIncrementSeconds: 1,
    nextIncrementSeconds: 1,
    minimumMicros: 0n,
    freeSeconds: 0,
    ...change,
  };
}

/** A row that is open for ever. */
export function rowOf(
  prefix: string,
  perMinuteMicros: bigint,
  change: Partial<Omit<OpenRow, 'rate' | 'status'>> = {},
): TariffRow {
  return { prefix, destination: '', status: 'open', rate: rateOf(perMinuteMicros), ...change };
}

/** Reads a whole deck at once. */
export function readWhole(
  text: string,
  tariff: Pick<Tariff, 'currency' | 'timeZone'> = CARRIER_USD,
): DeckReading {
  const steps = readDeck(text, tariff);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
