import { doRangesCollide, isInRange, type NumberRange } from '../../domain/market/index.ts';
import type { CatalogueStore } from '../../services/ports/index.ts';

/** The ranges on sale, in memory. */
export function createMemoryCatalogue(): CatalogueStore {
  const ranges = new Map<string, NumberRange>();
  const onSale = () => [...ranges.values()].filter(({ withdrawnAtMs }) => withdrawnAtMs === undefined);
  return {
    async add(range) {
      const inTheWay = onSale().find((other) => doRangesCollide(range, other));
      if (inTheWay === undefined) ranges.set(range.id, range);
      return inTheWay;
    },
    async withdraw(id, withdrawnAtMs) {
      const range = ranges.get(id);
      if (range === undefined || range.withdrawnAtMs !== undefined) return range;
      const withdrawn = { ...range, withdrawnAtMs };
      ranges.set(id, withdrawn);
      return withdrawn;
    },
    async rangeOf(number) {
      const ofIt = [...ranges.values()].filter((range) => isInRange(range, number));
      return ofIt.sort((one, other) => withdrawalOf(other) - withdrawalOf(one))[0];
    },
    async onSale() {
      return onSale().sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    },
  };
}

function withdrawalOf({ withdrawnAtMs }: NumberRange): number {
  return withdrawnAtMs ?? Number.POSITIVE_INFINITY;
}

function keyOf({ kind, countryCode, prefix }: NumberRange): string {
  return `${kind} ${countryCode ?? ''} ${prefix}`;
}
