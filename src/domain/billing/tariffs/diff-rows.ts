import type { Rate } from '../rate.ts';
import { priceMicros } from '../rating.ts';
import { isSameRow, periodOf, type TariffRow } from './tariff-row.ts';

export const CHANGE_KINDS = ['added', 'removed', 'dearer', 'cheaper', 'changed'] as const;

/** `changed` is what is neither dearer nor cheaper: blocked or opened, renamed, dearer for some calls only. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What becomes of one prefix; the rows are those that count when the version takes effect, or else the first. */
export type RowChange = {
  readonly kind: ChangeKind;
  readonly prefix: string;
  readonly before?: TariffRow;
  readonly after?: TariffRow;
};

export type RowDifferences = {
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** In the order of the prefixes, at most {@link MOST_CHANGES}. */
  readonly changes: readonly RowChange[];
};

/** Nobody reads more; the counts are of all. */
export const MOST_CHANGES = 500;

/** Calls of these lengths say whether a rate is dearer than another. */
const COMPARED_SECONDS = [1, 30, 60, 180, 600];

const PREFIXES_AT_ONCE = 2_000;

/**
 * What is different between two versions, prefix by prefix. Yields now and then, since there may be a million.
 * @param before both sorted by `compareRows`
 * @param atMs when the later one takes effect
 */
export function* diffRows(
  before: readonly TariffRow[],
  after: readonly TariffRow[],
  atMs: number,
): Generator<undefined, RowDifferences> {
  const counts = { added: 0, removed: 0, dearer: 0, cheaper: 0, changed: 0 };
  const changes: RowChange[] = [];
  const [was, is] = [new Groups(before), new Groups(after)];
  for (let compared = 1; was.prefix !== undefined || is.prefix !== undefined; compared += 1) {
    if (compared % PREFIXES_AT_ONCE === 0) yield;
    const prefix = earlier(was.prefix, is.prefix);
    const change = changeOf(prefix, was.take(prefix), is.take(prefix), atMs);
    if (change === undefined) continue;
    counts[change.kind] += 1;
    if (changes.length < MOST_CHANGES) changes.push(change);
  }
  return { counts, changes };
}

/** Whether nothing is different. */
export function isSameTariff({ counts }: RowDifferences): boolean {
  return Object.values(counts).every((count) => count === 0);
}

/** Sorted rows, prefix by prefix. */
class Groups {
  readonly #rows: readonly TariffRow[];
  #at = 0;

  constructor(rows: readonly TariffRow[]) {
    this.#rows = rows;
  }

  /** Of the rows that come next. */
  get prefix(): string | undefined {
    return this.#rows[this.#at]?.prefix;
  }

  /** The next rows, where they have this prefix. */
  take(prefix: string): readonly TariffRow[] {
    const from = this.#at;
    while (this.prefix === prefix) this.#at += 1;
    return this.#rows.slice(from, this.#at);
  }
}

function earlier(one: string | undefined, other: string | undefined): string {
  if (one === undefined || other === undefined) return one ?? other ?? '';
  return one < other ? one : other;
}

function changeOf(
  prefix: string,
  before: readonly TariffRow[],
  after: readonly TariffRow[],
  atMs: number,
): RowChange | undefined {
  const [old, fresh] = [countingAt(before, atMs), countingAt(after, atMs)];
  if (old === undefined) return fresh === undefined ? undefined : { kind: 'added', prefix, after: fresh };
  if (fresh === undefined) return { kind: 'removed', prefix, before: old };
  const isSame =
    before.length === after.length && before.every((row, at) => isSameRow(row, after[at] ?? fresh));
  if (isSame) return undefined;
  return { kind: kindOf(old, fresh), prefix, before: old, after: fresh };
}

function countingAt(rows: readonly TariffRow[], atMs: number): TariffRow | undefined {
  const counting = rows.find((row) => {
    const { fromMs, toMs } = periodOf(row);
    return fromMs <= atMs && atMs < toMs;
  });
  return counting ?? rows[0];
}

function kindOf(before: TariffRow, after: TariffRow): ChangeKind {
  if (before.status === 'blocked' || after.status === 'blocked') return 'changed';
  const steps = COMPARED_SECONDS.map((seconds) => compared(before.rate, after.rate, seconds * 1_000));
  const [isDearer, isCheaper] = [steps.includes(1), steps.includes(-1)];
  if (isDearer === isCheaper) return 'changed';
  return isDearer ? 'dearer' : 'cheaper';
}

function compared(before: Rate, after: Rate, durationMs: number): -1 | 0 | 1 {
  const [was, is] = [priceMicros(before, durationMs), priceMicros(after, durationMs)];
  return was === is ? 0 : was < is ? 1 : -1;
}
