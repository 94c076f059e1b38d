import { type Currency, isCurrency } from '../money-currency.ts';
import { cellsOf, linesOf, SEPARATORS, type Separator } from './deck-lines.ts';

/** What a column of a deck says; the names are those that we write ourselves. */
export const COLUMNS = [
  'prefix',
  'destination',
  'rate_per_minute',
  'connect_fee',
  'initial_increment',
  'next_increment',
  'currency',
  'effective_from',
  'effective_to',
  'status',
  'minimum',
  'free_seconds',
] as const;

type Column = (typeof COLUMNS)[number] | 'increments' | 'country';

/** What carriers call the columns, without punctuation and capitals. */
const SYNONYMS: Readonly<Record<Column, readonly string[]>> = {
  prefix: [
    'prefixes',
    'code',
    'codes',
    'dial code',
    'dialcode',
    'dialing code',
    'dialling code',
    'area code',
  ],
  destination: ['description', 'destination name', 'name', 'zone', 'zone name', 'region', 'network'],
  country: ['country name'],
  rate_per_minute: [
    'rate',
    'price',
    'cost',
    'rate min',
    'rate minute',
    'price min',
    'price minute',
    'price per minute',
    'cost per minute',
    'per minute',
    'new rate',
  ],
  connect_fee: [
    'connection fee',
    'connect charge',
    'connection charge',
    'connect cost',
    'setup fee',
    'set up fee',
    'setup charge',
  ],
  initial_increment: ['initial interval', 'initial', 'first increment', 'first interval', 'interval 1'],
  next_increment: [
    'next interval',
    'next',
    'additional increment',
    'subsequent increment',
    'subsequent interval',
    'interval n',
  ],
  increments: [
    'increment',
    'interval',
    'intervals',
    'billing increment',
    'billing increments',
    'billing interval',
  ],
  minimum: ['minimum charge', 'minimum price', 'minimum cost', 'min charge'],
  free_seconds: ['free secs', 'seconds free'],
  currency: ['ccy', 'curr'],
  effective_from: ['effective', 'effective date', 'valid from', 'start date', 'from date', 'date from'],
  effective_to: [
    'effective until',
    'valid to',
    'valid until',
    'end date',
    'to date',
    'expiry date',
    'expires',
  ],
  status: ['state'],
};

const COLUMN_NAMED: ReadonlyMap<string, Column> = new Map(
  (Object.entries(SYNONYMS) as [Column, readonly string[]][]).flatMap(([column, names]) =>
    [column.replaceAll('_', ' '), ...names].map((name): [string, Column] => [name, column]),
  ),
);

/** Titles of a company and of a price list may stand above the header. */
const LINES_BEFORE_HEADER = 20;

/** What a text of another encoding becomes shows in these. */
const FIRST_CHARACTERS = 200;

/** Where the columns of a deck are. */
export type DeckHeader = {
  /** The line of the header, from 1. */
  readonly line: number;
  readonly separator: Separator;
  readonly places: Readonly<Partial<Record<Column, number>>>;
  readonly cellCount: number;
  /** What nobody here knows the meaning of, as it is written. */
  readonly ignoredColumns: readonly string[];
};

/** @returns the header, or what is wrong with it and at which line */
export function readHeader(
  text: string,
  currency: Currency,
): DeckHeader | { readonly line: number; readonly detail: string } {
  let line = 0;
  for (const written of linesOf(text)) {
    line += 1;
    if (line > LINES_BEFORE_HEADER) break;
    for (const separator of SEPARATORS) {
      const cells = cellsOf(written, separator);
      const columns = cells?.map(columnOf);
      if (cells === undefined || columns === undefined || !isHeader(columns.map(({ column }) => column)))
        continue;
      return headerOf(line, separator, cells, currency);
    }
  }
  if (text.slice(0, FIRST_CHARACTERS).match(/[\0\uFFFD]/) !== null) {
    return { line: 1, detail: 'The deck is not in UTF-8: save it as CSV in UTF-8.' };
  }
  return {
    line: 1,
    detail: `There is no header with the columns prefix and rate_per_minute: ${COLUMNS.join(',')}.`,
  };
}

function isHeader(columns: readonly (Column | undefined)[]): boolean {
  return columns.includes('prefix') && columns.includes('rate_per_minute');
}

function headerOf(
  line: number,
  separator: Separator,
  cells: readonly string[],
  currency: Currency,
): DeckHeader | { readonly line: number; readonly detail: string } {
  const places: Partial<Record<Column, number>> = {};
  const ignoredColumns: string[] = [];
  for (const [at, cell] of cells.entries()) {
    const { column, currency: named } = columnOf(cell);
    if (named !== undefined && named !== currency) {
      return { line, detail: `The column "${cell}" is in ${named}, and the tariff in ${currency}.` };
    }
    if (column === undefined) {
      if (cell !== '') ignoredColumns.push(cell);
    } else if (places[column] !== undefined) {
      return { line, detail: `The column "${cell}" says the same as "${cells[places[column]]}": keep one.` };
    } else places[column] = at;
  }
  const { country, ...others } = places;
  if (country !== undefined && others.destination === undefined) others.destination = country;
  else if (country !== undefined) ignoredColumns.push(cells[country] ?? '');
  if (others.increments !== undefined && (others.initial_increment ?? others.next_increment) !== undefined) {
    return {
      line,
      detail: 'Increments are one column, or initial_increment and next_increment, and not both.',
    };
  }
  return { line, separator, places: others, cellCount: cells.length, ignoredColumns };
}

/** What a cell of the header means, and the currency that it names: `Rate (USD)`. */
function columnOf(cell: string): { readonly column: Column | undefined; readonly currency?: Currency } {
  const words = cell
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  const last = words.at(-1)?.toUpperCase() ?? '';
  if (words.length > 1 && isCurrency(last)) {
    const column = COLUMN_NAMED.get(words.slice(0, -1).join(' '));
    if (column !== undefined) return { column, currency: last };
  }
  return { column: COLUMN_NAMED.get(words.join(' ')) };
}
