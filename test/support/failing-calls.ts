import type { MarketAndMemberStores } from '../../src/adapters/memory/index.ts';

/** Which call of the stores fails, counted from when they are armed, and whether it has done its work by then. */
export type FailingCall = { readonly at: number; readonly when: 'before' | 'after' };

type Call = (...parameters: never[]) => Promise<unknown>;

/**
 * Stores of which one call fails as a lost connection does: before the statement arrived, or with its answer lost.
 * @param names the stores that count
 */
export function failingCalls(
  stores: MarketAndMemberStores,
  names: readonly (keyof MarketAndMemberStores)[],
  failure: FailingCall | undefined,
): { readonly stores: MarketAndMemberStores; arm(): void; disarm(): void; count(): number } {
  let isArmed = false;
  let count = 0;
  const counted = (store: object) =>
    new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const call = value.bind(target) as Call;
        return async (...parameters: never[]) => {
          if (!isArmed) return call(...parameters);
          const isTheOne = failure?.at === count++;
          if (isTheOne && failure?.when === 'before') throw new Error('the connection was lost before');
          const answer = await call(...parameters);
          if (isTheOne) throw new Error('the connection was lost after');
          return answer;
        };
      },
    });
  const failing = Object.fromEntries(names.map((name) => [name, counted(stores[name])]));
  return {
    stores: { ...stores, ...failing },
    arm() {
      isArmed = true;
    },
    disarm() {
      isArmed = false;
    },
    count: () => count,
  };
}
