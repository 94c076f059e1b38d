/** What stands between the cells of a line. */
export const SEPARATORS = [',', ';', '\t'] as const;

export type Separator = (typeof SEPARATORS)[number];

/** The lines of a text without their ends, one by one, since a split of a million would be kept as a whole. */
export function* linesOf(text: string): Generator<string> {
  let from = text.startsWith('\uFEFF') ? 1 : 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end === -1 ? text.length : end);
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
    from = end === -1 ? text.length : end + 1;
  }
}

/** How many lines `linesOf` gives. */
export function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return text === '' || text.endsWith('\n') ? count : count + 1;
}

/**
 * The cells of a line, trimmed (RFC 4180 §2). Quotes end with their line: one that is left open by mistake would
 * otherwise swallow all lines after it.
 * @returns undefined where a quote is left open or something stands behind its end
 */
export function cellsOf(line: string, separator: Separator): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const next = cellAt(line, at, separator);
    if (next === undefined) return undefined;
    cells.push(next.cell);
    at = next.end + 1;
  }
  return cells;
}

/** @returns the cell that begins there, and where it ends: at a separator or at the end of the line */
function cellAt(
  line: string,
  from: number,
  separator: Separator,
): { readonly cell: string; readonly end: number } | undefined {
  let start = from;
  while (line[start] === ' ') start += 1;
  if (line[start] !== '"') {
    const found = line.indexOf(separator, from);
    const end = found === -1 ? line.length : found;
    return { cell: line.slice(from, end).trim(), end };
  }
  let cell = '';
  for (let at = start + 1; ; ) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return undefined;
    cell += line.slice(at, quote);
    if (line[quote + 1] !== '"') {
      let end = quote + 1;
      while (line[end] === ' ') end += 1;
      return end === line.length || line[end] === separator ? { cell: cell.trim(), end } : undefined;
    }
    cell += '"';
    at = quote + 2;
  }
}

/** A cell as it is written into a comma-separated line. */
export function quoted(cell: string): string {
  return /[",;\t\n\r]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
