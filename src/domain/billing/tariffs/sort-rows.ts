import { compareRows, type TariffRow } from './tariff-row.ts';

const ROWS_AT_ONCE = 4_000;

/**
 * Sorts rows by `compareRows`. Yields now and then: a million rows take a second, in which others want to go on.
 * @returns a new list, or the given one where it is in order already, as decks mostly are
 */
export function* sortRows(rows: readonly TariffRow[]): Generator<undefined, readonly TariffRow[]> {
  if (isSorted(rows)) return rows;
  let runs: (readonly TariffRow[])[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    runs.push(rows.slice(from, from + ROWS_AT_ONCE).sort(compareRows));
    yield;
  }
  while (runs.length > 1) {
    const merged: (readonly TariffRow[])[] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

function isSorted(rows: readonly TariffRow[]): boolean {
  return rows.every((row, at) => {
    const before = rows[at - 1];
    return before === undefined || compareRows(before, row) <= 0;
  });
}

function* merge(
  one: readonly TariffRow[],
  other: readonly TariffRow[],
): Generator<undefined, readonly TariffRow[]> {
  const merged: TariffRow[] = [];
  let [fromOne, fromOther] = [0, 0];
  for (;;) {
    const [left, right] = [one[fromOne], other[fromOther]];
    if (left === undefined && right === undefined) return merged;
    if (right === undefined || (left !== undefined && compareRows(left, right) <= 0)) {
      if (left !== undefined) merged.push(left);
      fromOne += 1;
    } else {
      merged.push(right);
      fromOther += 1;
    }
    if (merged.length % ROWS_AT_ONCE === 0) yield;
  }
}
