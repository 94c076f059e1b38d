import type { Currency } from '../money-currency.ts';
import type { Rate } from '../rate.ts';
import { short } from './tariff-prefix.ts';
import { isWallTime, type TimeZone, utcMsOf } from './time-zone.ts';

/** What stands before the decimals in the amounts of a deck; undefined where a comma may be one of thousands too. */
export type DecimalMark = '.' | ',' | 'unclear';

/** A value, or a sentence that says why the cell has none. */
export type CellReading<Value> = { readonly value: Value } | string;

const MICRO_DECIMALS = 6;

/** No tariff asks ten million of any currency a minute: more is a misplaced decimal point. */
const MOST_WHOLE_DIGITS = 7;

/** A day: longer increments and gifts are a mistake. */
const MOST_SECONDS = 86_400;

/**
 * Which decimal mark a deck uses, judged by some of its rates: a comma only where it cannot stand between thousands,
 * since 1,234 read wrongly is a thousand times too much or too little.
 */
export function decimalMarkOf(amounts: readonly string[], separator: string): DecimalMark {
  const withComma = amounts.filter((amount) => /^\d*,\d+$/.test(amount));
  const withPoint = amounts.filter((amount) => /^\d*\.\d+$/.test(amount));
  if (withComma.length <= withPoint.length) return '.';
  const isSure = separator === ';' || withComma.some((amount) => !/^[1-9]\d*,\d{3}$/.test(amount));
  return isSure ? ',' : 'unclear';
}

/** An amount in millionths: `0.0125`, or `0,0125` in a deck that writes so. */
export function readAmount(name: string, cell: string, mark: DecimalMark): CellReading<bigint> {
  if (mark === 'unclear' && cell.includes(',')) {
    return `The ${name} ${short(cell)} may be of thousands or have decimals: write a point before decimals.`;
  }
  const [, whole, fraction = ''] =
    (mark === ',' ? /^(\d*)(?:,(\d+))?$/ : /^(\d*)(?:\.(\d+))?$/).exec(cell) ?? [];
  if (whole === undefined || whole + fraction === '') {
    if (/^\d*[.,]?\d+e[+-]?\d+$/i.test(cell)) {
      return `The ${name} ${short(cell)} was shortened by a spreadsheet: format the column as number.`;
    }
    const example = mark === ',' ? '0,0125' : '0.0125';
    return `The ${name} ${short(cell)} has to be an amount such as ${example}.`;
  }
  if (fraction.length > MICRO_DECIMALS) {
    return `The ${name} ${short(cell)} has more than ${MICRO_DECIMALS} decimals, and is not rounded.`;
  }
  if (whole.length > MOST_WHOLE_DIGITS) return `The ${name} ${short(cell)} is too much to be meant.`;
  return { value: BigInt(whole + fraction.padEnd(MICRO_DECIMALS, '0')) };
}

/** A whole number of seconds. */
export function readSeconds(name: string, cell: string, least: number): CellReading<number> {
  const seconds = /^\d{1,5}$/.test(cell) ? Number(cell) : Number.NaN;
  if (seconds >= least && seconds <= MOST_SECONDS) return { value: seconds };
  return `The ${name} ${short(cell)} has to be a whole number of seconds, ${least} to ${MOST_SECONDS}.`;
}

/** The words that say in a deck that a destination is not called. */
const BLOCKED = new Set(['*', 'blocked', 'block', 'barred', 'closed', 'disabled', 'unavailable']);

/** The words that say that it is, also those of a column that says how a price changed. */
const OPEN = new Set([
  '',
  'open',
  'active',
  'enabled',
  'available',
  'new',
  'increase',
  'decrease',
  'unchanged',
  'no change',
]);

export function isBlockedWord(cell: string): boolean {
  return BLOCKED.has(cell.toLowerCase());
}

export function readStatus(cell: string): CellReading<'open' | 'blocked'> {
  if (isBlockedWord(cell)) return { value: 'blocked' };
  if (OPEN.has(cell.toLowerCase())) return { value: 'open' };
  return `The status ${short(cell)} is neither open nor blocked.`;
}

/** ISO 8601: a date, which begins in the tariff's time zone, or a date with a time, there or with an offset. */
export function readMoment(name: string, cell: string, zone: TimeZone): CellReading<number> {
  const form =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(cell) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = form
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const wall = { year, month, day, hour, minute, second };
  if (form.length === 0 || year < 1970 || !isWallTime(wall)) {
    return `The ${name} ${short(cell)} has to be a date such as 2027-01-31 or 2027-01-31T09:00:00Z.`;
  }
  const offset = form[7];
  return { value: offset === undefined ? zone.momentOf(wall) : utcMsOf(wall) - offsetMsOf(offset) };
}

function offsetMsOf(text: string): number {
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** The cells that a rate is made of; absent where the deck has no such column. */
export type RateCells = {
  readonly rate: string;
  readonly connectFee: string;
  readonly increments: string | undefined;
  readonly initial: string | undefined;
  readonly next: string | undefined;
  readonly minimum: string;
  readonly freeSeconds: string;
};

/** Reads a rate. @returns it, or every sentence that says what is wrong with it */
export function readRate(
  cells: RateCells,
  currency: Currency,
  mark: DecimalMark,
): { readonly rate: Rate } | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const valueIn = <Value>(reading: CellReading<Value>, otherwise: Value): Value => {
    if (typeof reading !== 'string') return reading.value;
    faults.push(reading);
    return otherwise;
  };
  const amount = (name: string, cell: string) =>
    cell === '' ? 0n : valueIn(readAmount(name, cell, mark), 0n);
  const [initial, next] = incrementCells(cells);
  const rate: Rate = {
    currency,
    perMinuteMicros: valueIn(readAmount('rate', cells.rate, mark), 0n),
    connectFeeMicros: amount('connect fee', cells.connectFee),
    initialIncrementSeconds: valueIn(readSeconds('initial increment', initial, 1), 1),
    nextIncrementSeconds: valueIn(readSeconds('next increment', next, 1), 1),
    minimumMicros: amount('minimum', cells.minimum),
    freeSeconds: cells.freeSeconds === '' ? 0 : valueIn(readSeconds('free seconds', cells.freeSeconds, 0), 0),
  };
  return faults.length === 0 ? { rate } : { faults };
}

/** `60/60` is both; a deck without any such column is billed by the second. */
function incrementCells({ increments, initial, next }: RateCells): readonly [string, string] {
  if (increments !== undefined) {
    const [, first, second = first] = /^(\d+)(?:\s*\/\s*(\d+))?$/.exec(increments) ?? [];
    return first === undefined ? [increments, increments] : [first, second ?? first];
  }
  if (initial === undefined && next === undefined) return ['1', '1'];
  return [initial ?? '', next ?? ''];
}
