import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CarrierRoute } from './carrier-route.ts';
import { CarrierTable } from './carrier-table.ts';
import { PrefixTable } from './prefix-table.ts';

function route(trunk: string, prefix: string, more: Partial<CarrierRoute> = {}): CarrierRoute {
  return { trunk, prefix, costPerMinute: 10n, currency: 'KRW', priority: 1, weight: 1, ...more };
}

function tableOf(...routes: CarrierRoute[]): CarrierTable {
  const table = new CarrierTable();
  for (const each of routes) table.add(each);
  return table;
}

const trunksFor = (table: CarrierTable, digits: string, random = () => 0) =>
  table.carriersFor(digits, random).map(({ trunk }) => trunk);

describe('domain.md §5: the longest prefix decides', () => {
  it('as a plain search among any prefixes would', () => {
    const digits = fc.stringMatching(/^[0-9]{1,15}$/);
    fc.assert(
      fc.property(fc.uniqueArray(digits, { maxLength: 60 }), digits, (prefixes, number) => {
        const table = new PrefixTable();
        for (const [at, prefix] of prefixes.entries())
          table.set(route('kt', prefix, { costPerMinute: BigInt(at) }));
        const longest = prefixes
          .filter((prefix) => number.startsWith(prefix))
          .sort((one, other) => other.length - one.length)[0];
        expect(table.longest(number)?.prefix).toBe(longest);
        expect(table.size).toBe(prefixes.length);
        if (longest !== undefined) {
          expect(table.longest(number)?.costPerMinute).toBe(BigInt(prefixes.indexOf(longest)));
        }
      }),
    );
  });

  it('R14: then cost, then priority', () => {
    const table = tableOf(
      route('dear', '82', { costPerMinute: 20n }),
      route('later', '82', { priority: 2 }),
      route('first', '82'),
      route('exact', '8210', { costPerMinute: 99n }),
      route('elsewhere', '81'),
    );
    expect(trunksFor(table, '821033334444')).toEqual(['exact', 'first', 'later', 'dear']);
    expect(trunksFor(table, '4930')).toEqual([]);
  });

  it('ADR 0300: costs in several currencies say nothing, and the order is one', () => {
    const table = tableOf(
      route('won', '82', { costPerMinute: 1n, priority: 3 }),
      route('dollar', '82', { costPerMinute: 2n, currency: 'USD', priority: 1 }),
      route('yen', '82', { costPerMinute: 3n, currency: 'JPY', priority: 2 }),
    );
    expect(trunksFor(table, '8210')).toEqual(['dollar', 'yen', 'won']);
  });

  it('equals come first as often as their weights say', () => {
    const table = tableOf(route('one', '82', { weight: 1 }), route('three', '82', { weight: 3 }));
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const firsts = Array.from({ length: 4_000 }, () => trunksFor(table, '8210', random)[0]);
    const share = firsts.filter((name) => name === 'three').length / firsts.length;
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.78);
  });

  it('the routes of a trunk are replaced at once, and taken away', () => {
    const table = tableOf(route('kt', '82'), route('sk', '82'));
    const anew = new PrefixTable();
    anew.set(route('kt', '81'));
    table.replace('kt', anew);
    expect([trunksFor(table, '8210'), trunksFor(table, '8110')]).toEqual([['sk'], ['kt']]);
    table.replace('sk', undefined);
    expect([trunksFor(table, '8210'), table.size]).toEqual([[], 1]);
  });

  it('R14: the order is one, whatever the routes, and the same however they were given', () => {
    const some = fc.record({
      trunk: fc.constantFrom('kt', 'sk', 'lg', 'hudson'),
      prefix: fc.stringMatching(/^8[0-2]{0,3}$/),
      costPerMinute: fc.bigInt({ min: 0n, max: 3n }),
      currency: fc.constant('KRW' as const),
      priority: fc.nat(2),
      weight: fc.constant(1),
    });
    const key = ({ trunk, prefix }: CarrierRoute) => `${trunk} ${prefix}`;
    fc.assert(
      fc.property(
        fc.uniqueArray(some, { selector: key }),
        fc.stringMatching(/^8[0-2]{5}$/),
        (routes, number) => {
          const longest = new Map<string, CarrierRoute>();
          for (const each of routes) {
            const known = longest.get(each.trunk);
            if (number.startsWith(each.prefix) && each.prefix.length > (known?.prefix.length ?? 0))
              longest.set(each.trunk, each);
          }
          const rankOf = ({ prefix, costPerMinute, priority }: Omit<CarrierRoute, 'trunk'>) =>
            (9 - prefix.length) * 100 + Number(costPerMinute) * 10 + priority;
          const expected = [...longest.values()].map(rankOf).sort((one, other) => one - other);
          for (const given of [routes, routes.toReversed()]) {
            const found = tableOf(...given).carriersFor(number, () => 0);
            expect(found.map(rankOf)).toEqual(expected);
            for (const { trunk, ...match } of found) expect(longest.get(trunk)).toMatchObject(match);
          }
        },
      ),
    );
  });
});
