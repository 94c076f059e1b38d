import type { MarketAndMemberStores } from '../../src/adapters/memory/index.ts';

/** Which call of the stores fails, counted from when it is armed, and whether it has done its work by then. */
export type Failure = { readonly at: number; readonly when: 'before' | 'after' };

type Call = (...parameters: never[]) => Promise<unknown>;

/** The stores that keep what is sold and what is paid. */
const FAILING = ['adjustments', 'bills', 'orders', 'payments'] as const;

/**
 * Stores of which one call fails as a lost connection does: before the statement arrived, or with its answer lost.
 * @param calls takes down the calls since it was armed: `orders.keep`
 */
export function failingStores(
  stores: MarketAndMemberStores,
  failure: Failure | undefined,
  calls: string[],
): { readonly stores: MarketAndMemberStores; arm(afterEachCall: () => Promise<void>): void } {
  let afterEachCall: (() => Promise<void>) | undefined;
  const failing = <Store extends object>(store: Store, title: string): Store =>
    new Proxy(store, {
      get(target, name) {
        const call = (target[name as keyof Store] as Call).bind(target) as Call;
        return async (...parameters: never[]) => {
          if (afterEachCall === undefined) return call(...parameters);
          const isTheOne = calls.push(`${title}.${String(name)}`) - 1 === failure?.at;
          if (isTheOne && failure?.when === 'before') throw new Error('the connection was lost before');
          const answer = await call(...parameters);
          await afterEachCall();
          if (isTheOne) throw new Error('the connection was lost after');
          return answer;
        };
      },
    });
  const proxies = Object.fromEntries(FAILING.map((name) => [name, failing<object>(stores[name], name)]));
  return {
    stores: { ...stores, ...(proxies as Pick<MarketAndMemberStores, (typeof FAILING)[number]>) },
    arm(check) {
      afterEachCall = check;
    },
  };
}
