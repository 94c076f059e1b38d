import type { MarketAndMemberStores } from '../../src/adapters/memory/index.ts';
import type { OrderStore } from '../../src/services/ports/index.ts';

/** Which call of the order store fails, counted from when it is armed, and whether it has done its work by then. */
export type Failure = { readonly at: number; readonly when: 'before' | 'after' };

type Call = (...parameters: never[]) => Promise<unknown>;

/**
 * Stores of which one call fails as a lost connection does: before the statement arrived, or with its answer lost.
 * @param calls takes down the names of the calls since it was armed
 */
export function failingStores(
  stores: MarketAndMemberStores,
  failure: Failure | undefined,
  calls: (keyof OrderStore)[],
): { readonly stores: MarketAndMemberStores; arm(afterEachCall: () => Promise<void>): void } {
  let afterEachCall: (() => Promise<void>) | undefined;
  const orders = new Proxy(stores.orders, {
    get(target, name: keyof OrderStore) {
      const call = (target[name] as Call).bind(target) as Call;
      return async (...parameters: never[]) => {
        if (afterEachCall === undefined) return call(...parameters);
        const isTheOne = failure !== undefined && calls.push(name) - 1 === failure.at;
        if (failure === undefined) calls.push(name);
        if (isTheOne && failure.when === 'before') throw new Error('the connection was lost before');
        const answer = await call(...parameters);
        await afterEachCall();
        if (isTheOne) throw new Error('the connection was lost after');
        return answer;
      };
    },
  });
  return {
    stores: { ...stores, orders },
    arm(check) {
      afterEachCall = check;
    },
  };
}
