import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn, inOrder } from './weighted.ts';

/** The same numbers in every run (Lehmer). */
function seeded(): () => number {
  let seed = 20_261_125;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

const item = fc.record({ priority: fc.nat(5), weight: fc.integer({ min: 1, max: 1_000 }) });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('RFC 2782: an order drawn by weights', () => {
  it('has everyone once, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), fc.infiniteStream(chance), (items, chances) => {
        const order = drawn(items, () => chances.next().value ?? 0);
        expect(order).toHaveLength(items.length);
        expect(new Set(order)).toEqual(new Set(items));
      }),
    );
  });

  it('has each first as often as its weight says', () => {
    const items = [1, 2, 3, 4].map((weight) => ({ weight }));
    const random = seeded();
    const firsts = new Map<number, number>();
    for (let at = 0; at < 20_000; at += 1) {
      const weight = drawn(items, random)[0]?.weight ?? 0;
      firsts.set(weight, (firsts.get(weight) ?? 0) + 1);
    }
    // Three standard deviations of 20,000 draws are a hundredth.
    for (const { weight } of items)
      expect(Math.abs((firsts.get(weight) ?? 0) / 20_000 - weight / 10)).toBeLessThan(0.01);
  });

  it('never has a lower priority after a higher one', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), fc.infiniteStream(chance), (items, chances) => {
        const order = inOrder(items, () => chances.next().value ?? 0);
        const priorities = items.map(({ priority }) => priority).sort((one, other) => one - other);
        expect(order.map(({ priority }) => priority)).toEqual(priorities);
      }),
    );
  });
});
