import { isWallTime, type TimeZone, utcMsOf, type WallTime } from '../tariffs/index.ts';
import type { TheirPrice } from './compared-call.ts';

/** What comes first in `03/04/2026`. */
export type DateOrder = 'day-first' | 'month-first';

/** A value, or a sentence that says why the cell has none. */
export type Cell<Value> = { readonly value: Value } | string;

/** What stands in a cell, cut for a sentence. */
export function shown(cell: string): string {
  return cell === '' ? 'nothing' : `"${cell.slice(0, 40)}"`;
}

const QUARTER_MS = 15 * 60_000;

/** Reads times as records have them. Clocks are asked once for each quarter of an hour, which is a thousandfold faster. */
export class TimeCells {
  readonly #zone: TimeZone;
  readonly #order: DateOrder;
  readonly #quarters = new Map<number, number>();

  constructor(zone: TimeZone, order: DateOrder) {
    this.#zone = zone;
    this.#order = order;
  }

  /** ISO 8601, `31.10.2026 23:59:59`, `10/31/2026 23:59:59`, `20261031235959`, or seconds or milliseconds since 1970. */
  read(cell: string): Cell<number> {
    if (/^\d{10}(?:\.\d+)?$/.test(cell)) return { value: Math.round(Number(cell) * 1_000) };
    if (/^\d{13}$/.test(cell)) return { value: Number(cell) };
    const parts = this.#partsOf(cell);
    if (parts === undefined || !isWallTime(parts.wall) || parts.wall.year < 1970) {
      return `The time ${shown(cell)} cannot be read: write it as 2026-10-31 23:59:59.`;
    }
    const { wall, ms, offset } = parts;
    if (offset === undefined) return { value: this.#momentOf(wall) + ms };
    const minutes = offset === 'Z' ? 0 : Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
    const eastMs = (offset.startsWith('-') ? -minutes : minutes) * 60_000;
    return { value: utcMsOf(wall) - eastMs + ms };
  }

  #partsOf(cell: string): { wall: WallTime; ms: number; offset: string | undefined } | undefined {
    const packed = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(cell);
    if (packed !== null) return { wall: wallOf(packed.slice(1)), ms: 0, offset: undefined };
    const form =
      /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)? ?(Z|[+-]\d\d:?\d\d)?$/i.exec(
        cell,
      );
    if (form === null) return undefined;
    const [
      ,
      first = '',
      separator,
      second = '',
      third = '',
      hour = '',
      minute = '',
      sec = '0',
      fraction = '0',
      offset,
    ] = form;
    const date = this.#dateOf(first, separator ?? '', second, third);
    const ms = Math.floor(Number(`0.${fraction}`) * 1_000);
    return { wall: wallOf([...date, hour, minute, sec]), ms, offset: offset?.toUpperCase() };
  }

  #dateOf(first: string, separator: string, second: string, third: string): readonly string[] {
    if (first.length === 4) return [first, second, third];
    const isDayFirst = separator === '.' || this.#order === 'day-first';
    return isDayFirst ? [third, second, first] : [third, first, second];
  }

  #momentOf(wall: WallTime): number {
    const utcMs = utcMsOf(wall);
    const quarter = Math.floor(utcMs / QUARTER_MS);
    const begun = this.#quarters.get(quarter);
    if (begun !== undefined) return begun + (utcMs - quarter * QUARTER_MS);
    const moment = this.#zone.momentOf({ ...wall, minute: wall.minute - (wall.minute % 15), second: 0 });
    this.#quarters.set(quarter, moment);
    return moment + (utcMs - quarter * QUARTER_MS);
  }
}

function wallOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly (
  | string
  | number
)[]): WallTime {
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
}

/**
 * What comes first in dates with slashes or hyphens, judged by all of them.
 * @returns undefined where none of them says it
 */
export function dateOrderOf(cells: Iterable<string>): DateOrder | 'either' | undefined {
  let isNeeded = false;
  for (const cell of cells) {
    const [, first = '', second = ''] = /^(\d{1,2})[-/](\d{1,2})[-/]\d{4}/.exec(cell) ?? [];
    if (first === '') continue;
    isNeeded = true;
    if (Number(first) > 12) return 'day-first';
    if (Number(second) > 12) return 'month-first';
  }
  return isNeeded ? undefined : 'either';
}

/** No call lasts longer than a month. */
const LONGEST_SECONDS = 31 * 86_400;

/** Seconds, with or without decimals, or `h:mm:ss`, `m:ss`; in milliseconds. */
export function readDuration(cell: string): Cell<number> {
  const seconds = /^\d+(?:[.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : secondsOfClock(cell);
  if (seconds !== undefined && seconds <= LONGEST_SECONDS) return { value: Math.round(seconds * 1_000) };
  return `The duration ${shown(cell)} cannot be read: write seconds, or hours, minutes and seconds as 1:02:03.`;
}

function secondsOfClock(cell: string): number | undefined {
  const [, hours = '0', minutes = '', seconds = ''] = /^(?:(\d{1,3}):)?(\d{1,3}):(\d\d)$/.exec(cell) ?? [];
  if (minutes === '' || Number(seconds) > 59) return undefined;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

const MICRO_DECIMALS = 6;

/** `0.0125`, or `0,0125`, with or without a sign; more decimals than millionths are rounded. */
export function readPrice(cell: string): Cell<TheirPrice> {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d{1,12})(?:[.,](\d{1,18}))?$/.exec(cell) ?? [];
  if (whole === '') return `The price ${shown(cell)} has to be an amount such as 0.0125.`;
  const written = BigInt(whole + decimals.slice(0, MICRO_DECIMALS).padEnd(MICRO_DECIMALS, '0'));
  const micros = written + (Number(decimals[MICRO_DECIMALS] ?? '0') >= 5 ? 1n : 0n);
  const lastDecimal = 10n ** BigInt(Math.max(0, MICRO_DECIMALS - decimals.length));
  return {
    value: {
      micros: sign === '-' ? -micros : micros,
      roundedByMicros: decimals.length >= MICRO_DECIMALS ? 1n : lastDecimal / 2n,
    },
  };
}
