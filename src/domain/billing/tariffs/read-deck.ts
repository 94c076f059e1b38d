import type { Rate } from '../rate.ts';
import {
  type CellReading,
  type DecimalMark,
  decimalMarkOf,
  isBlockedWord,
  type RateCells,
  readMoment,
  readRate,
  readStatus,
} from './deck-cells.ts';
import { type DeckHeader, readHeader } from './deck-columns.ts';
import { cellsOf, countLines, linesOf } from './deck-lines.ts';
import type { Tariff } from './tariff.ts';
import { readPrefix } from './tariff-prefix.ts';
import { doOverlap, periodOf, type TariffRow } from './tariff-row.ts';
import { TimeZone } from './time-zone.ts';

/** A line that is wrong, and why, in a sentence or several. */
export type DeckFault = { readonly line: number; readonly detail: string };

/** What is in a deck: the lines that can be used, and those that cannot. */
export type DeckReading = {
  readonly rows: readonly TariffRow[];
  /** In the order of the lines, at most {@link MOST_DECK_FAULTS}. */
  readonly faults: readonly DeckFault[];
  readonly faultCount: number;
  /** Columns whose meaning is not known, as they are written: nothing was taken from them. */
  readonly ignoredColumns: readonly string[];
};

/** How far the reading is. */
export type DeckProgress = { readonly linesRead: number; readonly linesTotal: number };

/** A file of nonsense is wrong at every line; so many are named, and all are counted. */
export const MOST_DECK_FAULTS = 10_000;

/** A person who waits for something else does not notice so many. */
const LINES_AT_ONCE = 2_000;

/** By so many the decimal mark is judged. */
const LINES_SAMPLED = 1_000;

const LONGEST_DESTINATION = 120;

/**
 * Reads a price list as carriers send it: CSV with a header, in the order and with the words of the sender (R23).
 * Every wrong line is reported, and the others are used or not as the caller likes. Yields every few thousand lines, so
 * that others can go on meanwhile.
 */
export function* readDeck(
  text: string,
  tariff: Pick<Tariff, 'currency' | 'timeZone'>,
): Generator<DeckProgress, DeckReading> {
  const linesTotal = countLines(text);
  const header = readHeader(text, tariff.currency);
  if ('detail' in header) {
    return { rows: [], faults: [header], faultCount: 1, ignoredColumns: [] };
  }
  const reader = new LineReader(header, markOf(text, header), tariff);
  const rows = new DistinctRows();
  const faults: DeckFault[] = [];
  let faultCount = 0;
  let line = 0;
  for (const written of linesOf(text)) {
    line += 1;
    if (line % LINES_AT_ONCE === 0) yield { linesRead: line, linesTotal };
    if (line <= header.line || isEmpty(written)) continue;
    const reading = reader.read(written);
    const detail = typeof reading === 'string' ? reading : rows.add(reading, line);
    if (detail === undefined) continue;
    faultCount += 1;
    if (faults.length < MOST_DECK_FAULTS) faults.push({ line, detail });
  }
  yield { linesRead: line, linesTotal };
  return { rows: rows.list, faults, faultCount, ignoredColumns: header.ignoredColumns };
}

function isEmpty(line: string): boolean {
  return /^\s*(?:#|[\s,;"]*$)/.test(line);
}

function markOf(text: string, { line: headerLine, separator, places }: DeckHeader): DecimalMark {
  const amounts: string[] = [];
  let line = 0;
  for (const written of linesOf(text)) {
    line += 1;
    if (line > headerLine + LINES_SAMPLED) break;
    const cell = line > headerLine ? cellsOf(written, separator)?.[places.rate_per_minute ?? 0] : undefined;
    if (cell !== undefined) amounts.push(cell);
  }
  return decimalMarkOf(amounts, separator);
}

/** Rows of which no two say something of the same prefix at the same time. */
class DistinctRows {
  readonly list: TariffRow[] = [];
  readonly #lines: number[] = [];
  /** Where the rows of a prefix are in the list: mostly one. */
  readonly #places = new Map<string, number | number[]>();

  /** @returns why the row cannot be added */
  add(row: TariffRow, line: number): string | undefined {
    const found = this.#places.get(row.prefix);
    const others = found === undefined ? [] : typeof found === 'number' ? [found] : found;
    const period = periodOf(row);
    for (const at of others) {
      const other = this.list[at];
      if (other === undefined || !doOverlap(period, periodOf(other))) continue;
      const isAlways = row.effectiveFromMs === undefined && row.effectiveToMs === undefined;
      return `The prefix ${row.prefix} is on line ${this.#lines[at]} already${isAlways ? '' : ' for a part of this time'}.`;
    }
    const place = this.list.length;
    this.#places.set(row.prefix, others.length === 0 ? place : [...others, place]);
    this.list.push(row);
    this.#lines.push(line);
    return undefined;
  }
}

type RateReading = ReturnType<typeof readRate>;

/** What stands in a column of the line; undefined where the deck has no such column. */
type CellOf = (column: keyof DeckHeader['places']) => string | undefined;

type Terms =
  | { readonly status: 'open'; readonly rate: Rate }
  | { readonly status: 'blocked'; readonly rate?: Rate };

/** Reads lines, and remembers what thousands of them have in common. */
class LineReader {
  readonly #header: DeckHeader;
  readonly #mark: DecimalMark;
  readonly #tariff: Pick<Tariff, 'currency'>;
  readonly #zone: TimeZone;
  readonly #rates = new Map<string, RateReading>();
  readonly #moments = new Map<string, CellReading<number>>();
  readonly #destinations = new Map<string, string>();

  constructor(header: DeckHeader, mark: DecimalMark, tariff: Pick<Tariff, 'currency' | 'timeZone'>) {
    this.#header = header;
    this.#mark = mark;
    this.#tariff = tariff;
    this.#zone = new TimeZone(tariff.timeZone);
  }

  /** @returns the row, or what is wrong with the line */
  read(line: string): TariffRow | string {
    const { separator, places, cellCount } = this.#header;
    const cells = cellsOf(line, separator);
    if (cells === undefined) return 'A quotation mark is not closed, or something stands behind it.';
    // Trailing cells that are empty are left out by spreadsheets; more than the header has belong to no column.
    if (cells.slice(cellCount).some((cell) => cell !== '')) {
      return `The line has ${cells.length} cells, and the header ${cellCount}.`;
    }
    const cell: CellOf = (column) => {
      const place = places[column];
      return place === undefined ? undefined : (cells[place] ?? '');
    };
    const faults: string[] = [];
    const reach = this.#reach(cell, faults);
    const terms = this.#terms(cell, faults);
    return faults.length === 0 ? { ...reach, ...terms } : faults.join(' ');
  }

  /** For which numbers, and when. */
  #reach(cell: CellOf, faults: string[]): Omit<TariffRow, 'rate' | 'status'> {
    const prefix = readPrefix(cell('prefix') ?? '');
    const fromMs = this.#moment('effective_from', cell, faults);
    const toMs = this.#moment('effective_to', cell, faults);
    const destination = cell('destination') ?? '';
    if (typeof prefix === 'string') faults.push(prefix);
    if (destination.length > LONGEST_DESTINATION) {
      faults.push(`The destination has more than ${LONGEST_DESTINATION} characters.`);
    }
    if (/\p{Cc}/u.test(destination)) faults.push('The destination has control characters in it.');
    if (destination.includes('\uFFFD'))
      faults.push('The destination is not in UTF-8: save the deck as UTF-8.');
    if (fromMs !== undefined && toMs !== undefined && toMs <= fromMs) {
      faults.push('The effective_to has to be after the effective_from.');
    }
    return {
      prefix: typeof prefix === 'string' ? '' : prefix.prefix,
      destination: remembered(this.#destinations, destination, () => destination),
      ...(fromMs === undefined ? {} : { effectiveFromMs: fromMs }),
      ...(toMs === undefined ? {} : { effectiveToMs: toMs }),
    };
  }

  /** What it costs there, or that it is blocked. */
  #terms(cell: CellOf, faults: string[]): Terms {
    const status = readStatus(cell('status') ?? '');
    if (typeof status === 'string') faults.push(status);
    const currency = cell('currency') ?? '';
    if (currency !== '' && currency.toUpperCase() !== this.#tariff.currency) {
      faults.push(`The currency "${currency}" is not that of the tariff, ${this.#tariff.currency}.`);
    }
    const written = cell('rate_per_minute') ?? '';
    const isBlocked = isBlockedWord(written) || (typeof status !== 'string' && status.value === 'blocked');
    if (isBlocked && (written === '' || isBlockedWord(written))) return { status: 'blocked' };
    const reading = this.#rate(written, cell);
    if ('faults' in reading) faults.push(...reading.faults);
    if (isBlocked || 'faults' in reading) {
      return { status: 'blocked', ...('rate' in reading ? { rate: reading.rate } : {}) };
    }
    return { status: 'open', rate: reading.rate };
  }

  #rate(rate: string, cell: CellOf): RateReading {
    const written: RateCells = {
      rate,
      connectFee: cell('connect_fee') ?? '',
      increments: cell('increments'),
      initial: cell('initial_increment'),
      next: cell('next_increment'),
      minimum: cell('minimum') ?? '',
      freeSeconds: cell('free_seconds') ?? '',
    };
    const key = Object.values(written).join('\t');
    return remembered(this.#rates, key, () => readRate(written, this.#tariff.currency, this.#mark));
  }

  #moment(column: 'effective_from' | 'effective_to', cell: CellOf, faults: string[]): number | undefined {
    const written = cell(column) ?? '';
    if (written === '') return undefined;
    const key = `${column} ${written}`;
    const reading = remembered(this.#moments, key, () => readMoment(column, written, this.#zone));
    if (typeof reading !== 'string') return reading.value;
    faults.push(reading);
    return undefined;
  }
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
