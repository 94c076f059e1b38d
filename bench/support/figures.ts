/** A share of the values in order: `quantile(values, 0.99)`; 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Three significant digits: enough to compare, and no more than was measured. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}

/** Rows under headings, as wide as they have to be; the first column is left-aligned. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const lines = [headings, ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const printed = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  printed.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return `${printed.join('\n')}\n`;
}
