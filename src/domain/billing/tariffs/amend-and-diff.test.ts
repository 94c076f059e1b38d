import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateOf, rowOf } from '../../../../test/support/tariff-rows.ts';
import {
  amendRows,
  compareRows,
  diffRows,
  isSameTariff,
  sortRows,
  type TariffRow,
  TariffTable,
} from './index.ts';

function ended<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function diff(before: readonly TariffRow[], after: readonly TariffRow[], atMs = 0) {
  return ended(diffRows([...before].sort(compareRows), [...after].sort(compareRows), atMs));
}

function kinds(before: readonly TariffRow[], after: readonly TariffRow[]): string[] {
  return diff(before, after).changes.map(({ kind, prefix }) => `${prefix} ${kind}`);
}

describe('R23: the difference between two versions', () => {
  const open = rowOf('82', 10_000n);
  const withRate = (change: Parameters<typeof rateOf>[1]): TariffRow => ({
    prefix: '82',
    destination: '',
    status: 'open',
    rate: rateOf(10_000n, change),
  });

  it.each([
    ['a higher rate', rowOf('82', 10_001n), 'dearer'],
    ['a lower rate', rowOf('82', 1n), 'cheaper'],
    ['longer increments', withRate({ initialIncrementSeconds: 60, nextIncrementSeconds: 60 }), 'dearer'],
    ['a fee', withRate({ connectFeeMicros: 1n }), 'dearer'],
    ['free seconds', withRate({ freeSeconds: 5 }), 'cheaper'],
    [
      'a fee and a lower rate',
      { ...rowOf('82', 9_000n), rate: rateOf(9_000n, { connectFeeMicros: 500n }) },
      'changed',
    ],
    ['another name', rowOf('82', 10_000n, { destination: 'Korea' }), 'changed'],
    ['another end', rowOf('82', 10_000n, { effectiveToMs: 5 }), 'changed'],
    ['a block', { prefix: '82', destination: '', status: 'blocked' as const }, 'changed'],
  ])('is, for %s, that it is %s', (_, after, kind) => {
    expect(kinds([open], [after as TariffRow])).toEqual([`82 ${kind}`]);
  });

  it('counts what is new and what is gone, in the order of the prefixes', () => {
    const before = [rowOf('1', 1n), rowOf('44', 1n), rowOf('82', 1n)];
    const after = [rowOf('1', 1n), rowOf('33', 1n), rowOf('82', 2_000n)];
    expect(kinds(before, after)).toEqual(['33 added', '44 removed', '82 dearer']);
    expect(diff(before, after).counts).toEqual({ added: 1, removed: 1, dearer: 1, cheaper: 0, changed: 0 });
    expect(isSameTariff(diff(before, [...before].reverse()))).toBe(true);
  });

  it('compares the rows that count when the version takes effect', () => {
    const before = [rowOf('82', 1_000n, { effectiveToMs: 10 }), rowOf('82', 5_000n, { effectiveFromMs: 10 })];
    expect(diff(before, [rowOf('82', 3_000n)], 0).changes[0]?.kind).toBe('dearer');
    expect(diff(before, [rowOf('82', 3_000n)], 10).changes[0]?.kind).toBe('cheaper');
  });

  it('lists five hundred changes and counts all', () => {
    const { counts, changes } = diff(
      [],
      Array.from({ length: 5_000 }, (_, at) => rowOf(`${1_000 + at}`, 1n)),
    );
    expect([counts.added, changes.length]).toEqual([5_000, 500]);
  });
});

describe('R23: rows put in the place of others', () => {
  it('take their time away from the old ones of the same prefix, and leave the rest', () => {
    const before = [rowOf('81', 1n), rowOf('82', 1n)];
    const changes = [rowOf('82', 2n, { effectiveFromMs: 10, effectiveToMs: 20 })];
    expect(ended(amendRows(before, changes))).toEqual([
      rowOf('81', 1n),
      rowOf('82', 1n, { effectiveToMs: 10 }),
      rowOf('82', 2n, { effectiveFromMs: 10, effectiveToMs: 20 }),
      rowOf('82', 1n, { effectiveFromMs: 20 }),
    ]);
    expect(ended(amendRows(before, [rowOf('82', 3n)]))).toEqual([rowOf('81', 1n), rowOf('82', 3n)]);
  });

  it('decide at their time, and the old ones at any other', () => {
    const moment = fc.integer({ min: 0, max: 20 });
    const period = fc.tuple(moment, fc.integer({ min: 1, max: 10 }));
    const row = (micros: bigint) =>
      fc
        .record({ prefix: fc.constantFrom('8', '82', '821'), period })
        .map(({ prefix, period: [from, lasts] }) =>
          rowOf(prefix, micros, { effectiveFromMs: from, effectiveToMs: from + lasts }),
        );
    const rows = (micros: bigint) => fc.uniqueArray(row(micros), { selector: ({ prefix }) => prefix });
    fc.assert(
      fc.property(rows(1n), rows(2n), moment, (before, changes, atMs) => {
        const decides = (list: readonly TariffRow[], prefix: string) => {
          const table = new TariffTable();
          for (const each of list) if (each.prefix === prefix) table.add(each);
          return table.rowFor(prefix, atMs)?.rate?.perMinuteMicros;
        };
        const after = ended(amendRows(before, changes));
        for (const prefix of ['8', '82', '821']) {
          expect(decides(after, prefix)).toBe(decides(changes, prefix) ?? decides(before, prefix));
        }
      }),
    );
  });
});

describe('rows in their order', () => {
  it('are the same rows, sorted, also where they are sorted in parts', () => {
    const rows = Array.from({ length: 9_001 }, (_, at) => rowOf(`${1 + ((at * 7_919) % 99_991)}`, 1n));
    const timed = [rowOf('5', 1n, { effectiveFromMs: 9 }), rowOf('5', 1n, { effectiveToMs: 9 })];
    const sorted = ended(sortRows([...timed, ...rows]));
    expect(sorted).toEqual([...timed, ...rows].sort(compareRows));
    expect(ended(sortRows(sorted))).toBe(sorted);
  });
});
