/** A page of a list whose ids sort in the order in which they were made. */
export function newestFirst<Item extends { readonly id: string }>(
  items: readonly Item[],
  before: string | undefined,
  limit: number,
  matches: (item: Item) => boolean,
): readonly Item[] {
  return items
    .filter((item) => (before === undefined || item.id < before) && matches(item))
    .sort((one, other) => (one.id > other.id ? -1 : 1))
    .slice(0, limit);
}
