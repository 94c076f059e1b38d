import type { CarrierRoute } from './carrier-route.ts';
import { type PrefixRate, PrefixTable } from './prefix-table.ts';
import { drawn } from './weighted.ts';

/** A trunk that takes calls for a number, and for which prefix and cost. */
export type CarrierMatch = PrefixRate & { readonly trunk: string };

/** Which trunks lead to which numbers, by the longest prefix of each (R14). */
export class CarrierTable {
  readonly #tables = new Map<string, PrefixTable>();

  /** How many routes there are. */
  get size(): number {
    let size = 0;
    for (const table of this.#tables.values()) size += table.size;
    return size;
  }

  add(route: CarrierRoute): void {
    const table = this.#tables.get(route.trunk) ?? new PrefixTable();
    this.#tables.set(route.trunk, table);
    table.set(route);
  }

  /** Puts a whole table in the place of all routes of a trunk, at once; none takes its routes away. */
  replace(trunk: string, table: PrefixTable | undefined): void {
    if (table === undefined) this.#tables.delete(trunk);
    else this.#tables.set(trunk, table);
  }

  /**
   * The trunks that lead to a number: the longest prefix first, then the lowest cost, then the lowest priority, and
   * equals drawn by their weights.
   * @param digits of E.164 without `+`
   * @param random 0 ≤ random < 1
   */
  carriersFor(digits: string, random: () => number): CarrierMatch[] {
    const matches: CarrierMatch[] = [];
    for (const [trunk, table] of this.#tables) {
      const rate = table.longest(digits);
      if (rate !== undefined) matches.push({ trunk, ...rate });
    }
    return matches.length < 2 ? matches : ordered(matches, random);
  }
}

function ordered(matches: readonly CarrierMatch[], random: () => number): CarrierMatch[] {
  return inGroups(matches, ({ prefix }) => -prefix.length).flatMap((equals) => {
    // Costs in several currencies say nothing of each other, so that they decide among these not at all (ADR 0300).
    const isComparable = new Set(equals.map(({ currency }) => currency)).size === 1;
    const byCost = isComparable ? inGroups(equals, ({ costPerMinute }) => costPerMinute) : [equals];
    return byCost.flatMap((same) =>
      inGroups(same, ({ priority }) => priority).flatMap((group) => drawn(group, random)),
    );
  });
}

/** Those with the same key together, the lowest key first. */
function inGroups<Item>(items: readonly Item[], keyOf: (item: Item) => number | bigint): Item[][] {
  const groups = new Map<number | bigint, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}
