import type { Currency } from '../billing/index.ts';
import { hashOfKey, prefixKey } from '../numbering/index.ts';
import type { CarrierRoute } from './carrier-route.ts';

/** What a trunk asks for numbers that begin so. */
export type PrefixRate = Pick<CarrierRoute, 'costPerMinute' | 'currency' | 'priority' | 'weight'> & {
  readonly prefix: string;
};

const MOST_DIGITS = 15;

/**
 * The prefixes of one trunk. A million of them are a few columns of numbers, not a million objects: each prefix is the
 * number that its digits make with a 1 in front, found by hashing.
 */
export class PrefixTable {
  #keys = new Float64Array(16);
  #costs = new BigInt64Array(16);
  #priorities = new Uint16Array(16);
  #weights = new Uint16Array(16);
  #currencies = new Uint8Array(16);
  readonly #currencyNames: Currency[] = [];
  #size = 0;
  /** Which lengths occur: the others need not be looked for. */
  #lengths = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a route, or puts it in the place of the one with the same prefix. */
  set({ prefix, costPerMinute, currency, priority, weight }: PrefixRate): void {
    if (this.#size * 2 >= this.#keys.length) this.#grow();
    const slot = this.#slotOf(prefixKey(prefix, prefix.length));
    if (this.#keys[slot] === 0) this.#size += 1;
    this.#keys[slot] = prefixKey(prefix, prefix.length);
    this.#costs[slot] = costPerMinute;
    this.#priorities[slot] = priority;
    this.#weights[slot] = weight;
    this.#currencies[slot] = this.#currencyAt(currency);
    this.#lengths |= 1 << prefix.length;
  }

  /** The longest prefix of the digits that there is. */
  longest(digits: string): PrefixRate | undefined {
    for (let length = Math.min(digits.length, MOST_DIGITS); length > 0; length -= 1) {
      if ((this.#lengths & (1 << length)) === 0) continue;
      const slot = this.#slotOf(prefixKey(digits, length));
      if (this.#keys[slot] !== 0) return this.#at(slot, digits.slice(0, length));
    }
    return undefined;
  }

  #at(slot: number, prefix: string): PrefixRate {
    return {
      prefix,
      costPerMinute: this.#costs[slot] ?? 0n,
      currency: this.#currencyNames[this.#currencies[slot] ?? 0] as Currency,
      priority: this.#priorities[slot] ?? 0,
      weight: this.#weights[slot] ?? 1,
    };
  }

  #currencyAt(currency: Currency): number {
    const at = this.#currencyNames.indexOf(currency);
    return at === -1 ? this.#currencyNames.push(currency) - 1 : at;
  }

  /** Where the key is, or where it would be put. */
  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = hashOfKey(key) & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, costs, priorities] = [this.#keys, this.#costs, this.#priorities];
    const [weights, currencies] = [this.#weights, this.#currencies];
    const length = keys.length * 2;
    this.#keys = new Float64Array(length);
    this.#costs = new BigInt64Array(length);
    this.#priorities = new Uint16Array(length);
    this.#weights = new Uint16Array(length);
    this.#currencies = new Uint8Array(length);
    for (const [from, key] of keys.entries()) {
      if (key === 0) continue;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#costs[slot] = costs[from] ?? 0n;
      this.#priorities[slot] = priorities[from] ?? 0;
      this.#weights[slot] = weights[from] ?? 1;
      this.#currencies[slot] = currencies[from] ?? 0;
    }
  }
}
