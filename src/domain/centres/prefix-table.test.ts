import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrefixRate, PrefixTable } from './prefix-table.ts';

const prefix = fc.stringMatching(/^[0-2]{1,6}$/);
const rate: fc.Arbitrary<PrefixRate> = fc.record({
  prefix: fc.oneof(prefix, fc.stringMatching(/^[0-9]{7,15}$/)),
  costPerMinute: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  currency: fc.constantFrom('KRW' as const, 'USD' as const, 'JPY' as const),
  priority: fc.nat(1_000),
  weight: fc.integer({ min: 1, max: 1_000 }),
});

describe('R14: the prefixes of a trunk', () => {
  it('are found with all that was said of them, as a map of them would', () => {
    fc.assert(
      fc.property(
        fc.array(rate, { maxLength: 80 }),
        fc.array(prefix, { maxLength: 20 }),
        (rates, numbers) => {
          const table = new PrefixTable();
          const model = new Map<string, PrefixRate>();
          for (const each of rates) {
            table.set(each);
            model.set(each.prefix, each);
          }
          expect(table.size).toBe(model.size);
          for (const number of [...numbers, ...model.keys()]) {
            const longest = [...model.keys()]
              .filter((each) => number.startsWith(each))
              .sort((one, other) => other.length - one.length)[0];
            expect(table.longest(number)).toEqual(longest === undefined ? undefined : model.get(longest));
          }
        },
      ),
    );
  });

  it.each([
    ['', undefined],
    ['8', undefined],
    ['82', '82'],
    ['820', '820'],
    ['8200', '820'],
    ['082', undefined],
    [`82${'1'.repeat(30)}`, '82'],
  ])('of %j it is %s', (number, found) => {
    const table = new PrefixTable();
    for (const each of ['82', '820', '00082']) {
      table.set({ prefix: each, costPerMinute: 1n, currency: 'KRW', priority: 1, weight: 1 });
    }
    expect(table.longest(number)?.prefix).toBe(found);
  });
});
