import { accept, type Result, refuse } from '../../refusal/index.ts';
import type { Currency } from '../money-currency.ts';
import { cellsOf, linesOf, type Separator, TimeZone } from '../tariffs/index.ts';
import type { TheirCall } from './compared-call.ts';
import { NumberCells, type NumberWriting } from './compared-number.ts';
import { type DateOrder, dateOrderOf, readDuration, readPrice, TimeCells } from './record-cells.ts';
import { columnsOf, type RecordColumns, type RecordPart } from './record-columns.ts';

/** How the records of another network are written, as far as they do not say it themselves. */
export type RecordWriting = {
  /** In which their times are, where they name no offset; of the IANA database. */
  readonly timeZone: string;
  readonly numbers: NumberWriting;
  readonly dateOrder?: DateOrder;
  /** Headings of columns that do not go by a usual name. */
  readonly columns?: Readonly<Partial<Record<RecordPart, string>>>;
  /** In which the prices have to be. */
  readonly currency: Currency;
};

/** A line that cannot be used. */
export type RecordFault = { readonly line: number; readonly detail: string };

export type PartnerRecords = {
  readonly calls: readonly TheirCall[];
  /** Each line that is wrong, the first thousands of them. */
  readonly faults: readonly RecordFault[];
  readonly faulty: number;
  /** Calls of no duration: they cost nothing, and are not compared. */
  readonly unanswered: number;
};

const LINES_AT_ONCE = 2_000;
const MOST_FAULTS_SHOWN = 5_000;

/** No heading is so short of columns, and a separator of another kind would split nothing. */
const SEPARATORS_OF_RECORDS: readonly Separator[] = [';', '\t', ','];

/**
 * Reads call records of another network from CSV, with a heading. Lines that are wrong are named, and the others used.
 * Yields every few thousand lines, since others want to go on meanwhile.
 * @returns refused with `records-unreadable` where the file as a whole makes no sense
 */
export function* readPartnerRecords(
  text: string,
  writing: RecordWriting,
): Generator<undefined, Result<PartnerRecords, 'records-unreadable'>> {
  const [heading = ''] = linesOf(text);
  const separator = separatorOf(heading);
  const columns = columnsOf(cellsOf(heading, separator) ?? [], writing.columns ?? {});
  if (typeof columns === 'string') return refuse('records-unreadable', columns);
  const order = writing.dateOrder ?? (yield* orderOf(text, separator, columns));
  if (order === undefined) {
    return refuse(
      'records-unreadable',
      'The dates may begin with the day or with the month: say which.',
      '/dateOrder',
    );
  }
  const reader = new RecordReader(columns, writing, order);
  let line = 0;
  for (const written of linesOf(text)) {
    line += 1;
    if (line % LINES_AT_ONCE === 0) yield;
    if (line > 1 && written.trim() !== '') reader.take(line, cellsOf(written, separator));
  }
  return accept(reader.records());
}

function separatorOf(heading: string): Separator {
  const counted = SEPARATORS_OF_RECORDS.map((each) => [each, heading.split(each).length] as const);
  return counted.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function* orderOf(
  text: string,
  separator: Separator,
  columns: RecordColumns,
): Generator<undefined, DateOrder | undefined> {
  const dates: string[] = [];
  let line = 0;
  for (const written of linesOf(text)) {
    line += 1;
    if (line % LINES_AT_ONCE === 0) yield;
    const date = cellsOf(written, separator)?.[columns.start[0] ?? 0];
    if (date !== undefined && /^\d{1,2}[-/]/.test(date)) dates.push(date);
  }
  const order = dateOrderOf(dates);
  return order === 'either' ? 'day-first' : order;
}

class RecordReader {
  readonly #columns: RecordColumns;
  readonly #currency: Currency;
  readonly #times: TimeCells;
  readonly #numbers: NumberCells;
  readonly #calls: TheirCall[] = [];
  readonly #faults: RecordFault[] = [];
  #faulty = 0;
  #unanswered = 0;

  constructor(columns: RecordColumns, { timeZone, numbers, currency }: RecordWriting, order: DateOrder) {
    this.#columns = columns;
    this.#currency = currency;
    this.#times = new TimeCells(new TimeZone(timeZone), order);
    this.#numbers = new NumberCells(numbers);
  }

  take(line: number, cells: readonly string[] | undefined): void {
    const call = cells === undefined ? ['A quote is left open.'] : this.#callOf(line, cells);
    if ('called' in call) {
      if (call.durationMs > 0) this.#calls.push(call);
      else this.#unanswered += 1;
      return;
    }
    this.#faulty += 1;
    if (this.#faults.length < MOST_FAULTS_SHOWN) this.#faults.push({ line, detail: call.join(' ') });
  }

  records(): PartnerRecords {
    return { calls: this.#calls, faults: this.#faults, faulty: this.#faulty, unanswered: this.#unanswered };
  }

  /** @returns the call, or every sentence that says what is wrong */
  #callOf(line: number, cells: readonly string[]): TheirCall | readonly string[] {
    const columns = this.#columns;
    const cell = (at: number | undefined) => (at === undefined ? '' : (cells[at] ?? ''));
    const called = this.#numbers.read(cell(columns.called));
    const caller = this.#numbers.read(cell(columns.caller));
    const start = this.#times.read(columns.start.map(cell).join(' '));
    const duration = readDuration(cell(columns.duration));
    const price = cell(columns.price) === '' ? undefined : readPrice(cell(columns.price));
    const currency = cell(columns.currency).toUpperCase();
    const faults = [start, duration, price].filter((reading) => typeof reading === 'string');
    if (called === '')
      faults.unshift(`The called number "${cell(columns.called).slice(0, 40)}" has no digits.`);
    if (currency !== '' && currency !== this.#currency)
      faults.push(`The price is in ${currency.slice(0, 10)}, not ${this.#currency}.`);
    if (faults.length > 0 || typeof start === 'string' || typeof duration === 'string') return faults;
    return {
      line,
      called,
      startedAtMs: start.value,
      durationMs: duration.value,
      ...(caller === '' ? {} : { caller }),
      ...(price === undefined || typeof price === 'string' ? {} : { price: price.value }),
    };
  }
}
