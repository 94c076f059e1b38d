import type { Money } from '../billing/index.ts';
import type { CountryCode } from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import {
  countryOf,
  lookupDigits,
  type NumberForSale,
  type NumberKind,
  numberForSale,
  parseNumberForSale,
} from './number-for-sale.ts';

/**
 * Numbers of the provider's own that are on sale: a number outside of every range is never sold, since it
 * may be a stranger's telephone number.
 */
export type NumberRange = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly kind: NumberKind;
  /** Only of personal numbers. */
  readonly countryCode?: CountryCode;
  /** The digits all its numbers begin with: `026200` of `02-6200-XXXX`. */
  readonly prefix: string;
  /** How many digits follow: a range of `n` has 10 to the power of `n` numbers. */
  readonly openDigits: number;
  readonly price: Money;
  /** Added to the price of numbers that are easily remembered; in the price's currency. */
  readonly memorableSurcharge: Money;
  /** What another year of a number costs (R24), memorable or not; in the price's currency. */
  readonly renewalPrice: Money;
  readonly addedAtMs: number;
  /** From when on nothing of it is sold any more; what was sold stays sold. */
  readonly withdrawnAtMs?: number;
};

/** Which numbers a range has, before it has an id and a price. */
export type RangeOfNumbers = Pick<NumberRange, 'kind' | 'countryCode' | 'prefix' | 'openDigits'>;

/** A range of a hundred million numbers is all enterprise numbers there are. */
const MOST_OPEN_DIGITS = 8;

/**
 * Reads a range of numbers: digits, then an `X` for each digit that is open.
 * @param text `02-6200-XXXX` with a country code, `6200-XXXX` without
 * @returns refused with `number-range-malformed` where the numbers would not be numbers of their kind and country
 */
export function parseNumberRange(
  text: string,
  countryCode: CountryCode | undefined,
): Result<RangeOfNumbers, 'number-range-malformed'> {
  const parts = /^(\d*)(X{1,8})$/.exec(text.toUpperCase().replace(/[\s().-]/g, ''));
  const prefix = parts?.[1];
  const openDigits = parts?.[2]?.length;
  if (prefix === undefined || openDigits === undefined || openDigits > MOST_OPEN_DIGITS) {
    return malformed(`"${text}" is no range: write digits and an X for each open one, as 02-6200-XXXX.`);
  }
  const kind = countryCode === undefined ? 'enterprise' : 'personal';
  const range = { kind, prefix, openDigits, ...(countryCode === undefined ? {} : { countryCode }) } as const;
  const edges = [prefix + '0'.repeat(openDigits), prefix + '9'.repeat(openDigits)];
  const stranger = edges.find((subscriber) => !isNumberOf(range, subscriber));
  if (stranger === undefined) return accept(range);
  return malformed(
    countryCode === undefined
      ? `${stranger} is no enterprise number: they have eight digits and do not begin with 0. Personal numbers need their country.`
      : `${stranger} is no telephone number of country ${countryCode}: write the range as it is dialled there.`,
  );
}

/** Whether a number belongs to a range. */
export function isInRange(range: RangeOfNumbers, number: NumberForSale): boolean {
  return (
    range.kind === number.kind &&
    range.countryCode === countryOf(number) &&
    number.subscriber.length === range.prefix.length + range.openDigits &&
    number.subscriber.startsWith(range.prefix)
  );
}

/**
 * Whether two ranges get in each other's way: they have a number in common, or one's numbers begin like the
 * other's and are longer, so that a telephone would not know when dialling is over.
 */
export function doRangesCollide(one: RangeOfNumbers, other: RangeOfNumbers): boolean {
  return (
    one.kind === other.kind &&
    one.countryCode === other.countryCode &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix))
  );
}

/** The range as the operator writes it: `026200XXXX`. */
export function printRange({ prefix, openDigits }: RangeOfNumbers): string {
  return prefix + 'X'.repeat(openDigits);
}

function isNumberOf({ kind, countryCode }: RangeOfNumbers, subscriber: string): boolean {
  const number = numberForSale(kind, countryCode, subscriber);
  const read = parseNumberForSale(lookupDigits(number));
  return read.ok && read.value.kind === kind && read.value.subscriber === subscriber;
}

function malformed(detail: string): Result<never, 'number-range-malformed'> {
  return refuse('number-range-malformed', detail, '/range');
}
