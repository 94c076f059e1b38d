import { displayWidth, padded, printable } from './printable.ts';

/** What a column shows of an item; nothing where the item has no such thing. */
export type Column<Item> = {
  readonly title: string;
  readonly of: (item: Item) => string | number | undefined;
};

/** Items as a table for people: a line of titles, then a line each, columns two spaces apart. */
export function table<Item>(items: readonly Item[], columns: readonly Column<Item>[]): string {
  const rows = [
    columns.map(({ title }) => title),
    ...items.map((item) => columns.map(({ of }) => printable(String(of(item) ?? '')))),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => padded(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** One item as lines of `name: value`; what it does not have is left out. */
export function card<Item>(item: Item, columns: readonly Column<Item>[]): string {
  const width = Math.max(...columns.map(({ title }) => displayWidth(title)));
  const lines = columns.flatMap(({ title, of }) => {
    const value = of(item);
    return value === undefined ? [] : [`${padded(`${title}:`, width + 2)}${printable(String(value))}`];
  });
  return `${lines.join('\n')}\n`;
}
