/** Something that is chosen by its place and, among equals, by its weight. */
export type Weighted = { readonly priority: number; readonly weight: number };

/**
 * Puts equals into an order drawn by their weights: what has twice the weight comes first twice as often (RFC 2782).
 * @param random 0 ≤ random < 1
 */
export function drawn<Item extends Pick<Weighted, 'weight'>>(
  items: readonly Item[],
  random: () => number,
): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 1) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    let rest = random() * total;
    const at = left.findIndex(({ weight }) => {
      rest -= weight;
      return rest < 0;
    });
    order.push(...left.splice(at === -1 ? 0 : at, 1));
  }
  return order.concat(left);
}

/** In the order of their priority, the lowest first, and equals drawn by their weights. */
export function inOrder<Item extends Weighted>(items: readonly Item[], random: () => number): Item[] {
  const groups = new Map<number, Item[]>();
  for (const item of items) groups.set(item.priority, [...(groups.get(item.priority) ?? []), item]);
  return [...groups].sort(([one], [other]) => one - other).flatMap(([, equals]) => drawn(equals, random));
}
