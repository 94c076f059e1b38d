import type { Rate } from '../rate.ts';

type Reach = {
  /** Digits of E.164 without `+` (`8210`), or of another operator's numbers: `operator:tello`, `operator:tello:070`. */
  readonly prefix: string;
  /** For people: `Korea, mobile`. */
  readonly destination: string;
  /** From when it counts, within its version; from the version's beginning where absent. */
  readonly effectiveFromMs?: number;
  /** Until just before when it counts; as long as its version where absent. */
  readonly effectiveToMs?: number;
};

/** What calls to numbers that begin so cost (R23). */
export type OpenRow = Reach & { readonly status: 'open'; readonly rate: Rate };

/** Numbers that begin so are not called, whatever a shorter prefix says; the rate is only kept. */
export type BlockedRow = Reach & { readonly status: 'blocked'; readonly rate?: Rate };

/** A line of a tariff. */
export type TariffRow = OpenRow | BlockedRow;

/** From when on and until just before when a row counts, in milliseconds since 1970. */
export type Period = { readonly fromMs: number; readonly toMs: number };

/** When a row counts; without an end on either side where it has none. */
export function periodOf({ effectiveFromMs, effectiveToMs }: Reach): Period {
  return {
    fromMs: effectiveFromMs ?? Number.NEGATIVE_INFINITY,
    toMs: effectiveToMs ?? Number.POSITIVE_INFINITY,
  };
}

/** Whether there is a moment at which both count. */
export function doOverlap(one: Period, other: Period): boolean {
  return one.fromMs < other.toMs && other.fromMs < one.toMs;
}

/** Whether two rows say the same, letter by letter. */
export function isSameRow(one: TariffRow, other: TariffRow): boolean {
  return (
    one.prefix === other.prefix &&
    one.destination === other.destination &&
    one.status === other.status &&
    one.effectiveFromMs === other.effectiveFromMs &&
    one.effectiveToMs === other.effectiveToMs &&
    isSameRate(one.rate, other.rate)
  );
}

function isSameRate(one: Rate | undefined, other: Rate | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return termsOfRate(one) === termsOfRate(other);
}

/** All of a rate as one text, equal of equal rates. */
export function termsOfRate(rate: Rate): string {
  return (
    `${rate.currency} ${rate.perMinuteMicros} ${rate.connectFeeMicros} ${rate.initialIncrementSeconds} ` +
    `${rate.nextIncrementSeconds} ${rate.minimumMicros} ${rate.freeSeconds}`
  );
}

/** The order of a tariff's rows: by prefix as text, and by time within a prefix. */
export function compareRows(one: TariffRow, other: TariffRow): number {
  if (one.prefix !== other.prefix) return one.prefix < other.prefix ? -1 : 1;
  const [from, otherFrom] = [periodOf(one).fromMs, periodOf(other).fromMs];
  return from === otherFrom ? 0 : from < otherFrom ? -1 : 1;
}
