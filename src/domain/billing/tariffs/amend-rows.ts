import { sortRows } from './sort-rows.ts';
import { doOverlap, type Period, periodOf, type TariffRow } from './tariff-row.ts';

/**
 * Puts some rows into the place of others (import mode `amend`): where a new row says something of a prefix, the old
 * ones with this prefix say nothing any more for the same time, and all the rest stays.
 * Yields as `sortRows` does.
 * @returns the rows in their order
 */
export function* amendRows(
  before: readonly TariffRow[],
  changes: readonly TariffRow[],
): Generator<undefined, readonly TariffRow[]> {
  const changed = new Map<string, TariffRow[]>();
  for (const row of changes) {
    const same = changed.get(row.prefix);
    if (same === undefined) changed.set(row.prefix, [row]);
    else same.push(row);
  }
  const kept = before.flatMap((row) => {
    const over = changed.get(row.prefix);
    return over === undefined ? [row] : remaining(row, over.map(periodOf));
  });
  return yield* sortRows([...kept, ...changes]);
}

/** What of a row is left outside of some periods. */
function remaining(row: TariffRow, periods: readonly Period[]): TariffRow[] {
  let left = [periodOf(row)];
  for (const period of periods) {
    left = left.flatMap((piece) => {
      if (!doOverlap(piece, period)) return [piece];
      const before = { fromMs: piece.fromMs, toMs: period.fromMs };
      const after = { fromMs: period.toMs, toMs: piece.toMs };
      return [before, after].filter(({ fromMs, toMs }) => fromMs < toMs);
    });
  }
  return left.map((piece) => within(row, piece));
}

function within(
  { effectiveFromMs: _from, effectiveToMs: _to, ...row }: TariffRow,
  { fromMs, toMs }: Period,
): TariffRow {
  return {
    ...row,
    ...(fromMs === Number.NEGATIVE_INFINITY ? {} : { effectiveFromMs: fromMs }),
    ...(toMs === Number.POSITIVE_INFINITY ? {} : { effectiveToMs: toMs }),
  };
}
