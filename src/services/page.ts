/** A part of a list. */
export type Page<Item> = {
  readonly items: readonly Item[];
  /** What to ask with for the rest; absent at the end of the list. */
  readonly next?: string;
};

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 200;

/** How many items a page has: what was asked for within 1 … 200, else 50. */
export function pageLimit(asked: number | undefined): number {
  if (asked === undefined || !Number.isFinite(asked)) return DEFAULT_LIMIT;
  return Math.min(LARGEST_LIMIT, Math.max(1, Math.floor(asked)));
}

/**
 * Makes a page of items that were read with one more than the limit, so that the end is known without counting.
 * @param read at most `limit + 1` items
 */
export function pageOf<Item>(
  read: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => string,
): Page<Item> {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return read.length > limit && last !== undefined ? { items, next: cursorOf(last) } : { items };
}
