import type { Taxation } from '../domain/billing/documents/index.ts';
import type { Money } from '../domain/billing/index.ts';
import {
  matchingDigits,
  type NumberForSale,
  type NumberKind,
  type NumberPattern,
  type NumberRange,
  numberForSale,
  parseNumberPattern,
  priceIn,
  printNumberForSale,
} from '../domain/market/index.ts';
import { parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type Page, pageLimit } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

export type SearchNumbers = {
  readonly kind: NumberKind;
  /** `082`; only of personal numbers, all countries where absent. */
  readonly countryCode?: string;
  /** Digits, `?` for one and `*` for any; digits alone may occur anywhere. Of a personal number without its country code. */
  readonly pattern?: string;
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

export type AvailableNumber = {
  readonly number: NumberForSale;
  /** `02-6200-6200-082` */
  readonly text: string;
  readonly price: Money;
};

/** The numbers of a block share all digits but the last three. */
const BLOCK_DIGITS = 3;

/** So many numbers are looked at for one page, so that a pattern that fits sold numbers only ends in time. */
const MOST_LOOKED_AT = 100_000;

/** The store is asked about few numbers first, since most searches find enough, and then about more at a time. */
const FIRST_BATCH = 256;
const LARGEST_BATCH = 8_192;

/** Sold-out blocks are read so many at a time. */
const BLOCKS_AT_A_TIME = 2_000;

/**
 * The numbers that can be bought now (R5), in order of country and digits. A page may have fewer numbers than
 * asked for, or none, and yet a `next`: the search went far enough for one request.
 * @returns refused with `search-pattern-malformed`, `cursor-malformed` or the codes of country codes
 */
export async function searchNumbers(
  ports: Pick<ServicePorts, 'catalogue' | 'clock' | 'orders' | 'settings'>,
  query: SearchNumbers,
): Promise<Result<Page<AvailableNumber>>> {
  const pattern = parseNumberPattern(query.pattern ?? '*');
  if (!pattern.ok) return pattern;
  const country = query.countryCode === undefined ? undefined : parseCountryCode(query.countryCode);
  if (country?.ok === false) return country;
  if (query.after !== undefined && !/^\d{0,3}:\d{1,15}$/.test(query.after)) {
    return refuse('cursor-malformed', 'Use `next` of the page before as it is.', '/after');
  }
  const ranges = (await ports.catalogue.onSale()).filter(
    (range) => range.kind === query.kind && (country === undefined || range.countryCode === country.value),
  );
  return accept(await search(ports, ranges, pattern.value, query.after, pageLimit(query.limit)));
}

async function search(
  ports: Pick<ServicePorts, 'clock' | 'orders' | 'settings'>,
  ranges: readonly NumberRange[],
  pattern: NumberPattern,
  after: string | undefined,
  limit: number,
): Promise<Page<AvailableNumber>> {
  const items: AvailableNumber[] = [];
  let budget = MOST_LOOKED_AT;
  for (const range of ranges) {
    const begins = beginningIn(range, after);
    if (begins === undefined) continue;
    for await (const batch of candidatesOf(ports, range, pattern, begins)) {
      const found = await ports.orders.free(range.kind, range.countryCode, batch, ports.clock.nowMs());
      for (const subscriber of found) {
        items.push(availableIn(range, subscriber, ports.settings.taxation));
        if (items.length === limit) return { items, next: cursorAt(range, subscriber) };
      }
      budget -= batch.length;
      const last = batch.at(-1);
      if (budget <= 0 && last !== undefined) return { items, next: cursorAt(range, last) };
    }
  }
  return { items };
}

/** The numbers of a range that match and are not in a block that is sold out, in order, in growing batches. */
async function* candidatesOf(
  { orders }: Pick<ServicePorts, 'orders'>,
  { kind, countryCode, prefix, openDigits }: NumberRange,
  pattern: NumberPattern,
  after: string,
): AsyncGenerator<readonly string[]> {
  const length = prefix.length + openDigits;
  const blockDigits = length - BLOCK_DIGITS;
  let size = FIRST_BATCH;
  let batch: string[] = [];
  let cursor = after;
  for (;;) {
    const from = cursor.slice(0, blockDigits);
    const soldOut = await orders.soldOutBlocks(kind, countryCode, prefix, from, BLOCKS_AT_A_TIME);
    const known = new Set(soldOut);
    const horizon = soldOut.length < BLOCKS_AT_A_TIME ? undefined : soldOut.at(-1);
    for (const subscriber of matchingDigits(pattern, prefix, length, cursor, (block) => known.has(block))) {
      if (horizon !== undefined && subscriber.slice(0, blockDigits) > horizon) break;
      batch.push(subscriber);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      size = Math.min(LARGEST_BATCH, size * 2);
    }
    if (horizon === undefined) break;
    cursor = horizon + '9'.repeat(BLOCK_DIGITS);
  }
  if (batch.length > 0) yield batch;
}

/** Where in a range a page begins: behind these digits, at its start (empty), or undefined where it lies before. */
function beginningIn(range: NumberRange, after: string | undefined): string | undefined {
  if (after === undefined) return '';
  const [country = '', subscriber = ''] = after.split(':');
  const own = range.countryCode ?? '';
  if (own !== country) return own > country ? '' : undefined;
  if (!subscriber.startsWith(range.prefix)) return range.prefix > subscriber ? '' : undefined;
  return subscriber.length === range.prefix.length + range.openDigits ? subscriber : '';
}

function cursorAt({ countryCode }: NumberRange, subscriber: string): string {
  return `${countryCode ?? ''}:${subscriber}`;
}

function availableIn(range: NumberRange, subscriber: string, taxation?: Taxation): AvailableNumber {
  const number = numberForSale(range.kind, range.countryCode, subscriber);
  return { number, text: printNumberForSale(number), price: priceIn(range, subscriber, taxation) };
}
