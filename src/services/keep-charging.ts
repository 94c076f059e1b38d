import {
  type CallingTerms,
  type ChargingSetUp,
  NOTHING_CHARGED,
  USUAL_TERMS,
} from '../domain/billing/charging/index.ts';
import type { Currency } from '../domain/billing/index.ts';
import { type LedgerAccount, memberOfAccount } from '../domain/billing/ledger/index.ts';
import type { Bus, ChargingStore } from './ports/index.ts';

/**
 * How calls are charged as calls ask for it, in memory (R23). A change on the bus is a hint, after which the store is
 * read again; until that is done, calls go on with what was known.
 */
export class Charging {
  readonly #store: ChargingStore;
  readonly #onTrouble: (what: string, error: unknown) => void;
  readonly #terms = new Map<string, CallingTerms>();
  readonly #staleMembers = new Set<string>();
  #setUp: ChargingSetUp = NOTHING_CHARGED;
  #isSetUpStale = true;
  #areAllTermsStale = true;
  #reading: Promise<void> | undefined;

  private constructor(store: ChargingStore, onTrouble: (what: string, error: unknown) => void) {
    this.#store = store;
    this.#onTrouble = onTrouble;
  }

  /**
   * Reads everything, and hears of changes from before the first row on.
   * @param onTrouble is told where a change could not be read; {@link refresh} tries again
   * @throws what the store throws at the first reading
   */
  static async load(
    store: ChargingStore,
    bus: Bus,
    onTrouble: (what: string, error: unknown) => void,
  ): Promise<Charging> {
    const charging = new Charging(store, onTrouble);
    let isLoaded = false;
    bus.subscribe((change) => {
      if (change.kind === 'charging-changed') charging.#isSetUpStale = true;
      else if (change.kind === 'calling-terms-changed') charging.#staleMembers.add(change.memberId);
      else return;
      if (isLoaded) void charging.refresh();
    });
    await charging.#readOnce();
    isLoaded = true;
    await charging.refresh();
    return charging;
  }

  /** How calls are charged at this moment. */
  current(): ChargingSetUp {
    return this.#setUp;
  }

  termsOf(memberId: string): CallingTerms {
    return this.#terms.get(memberId) ?? USUAL_TERMS;
  }

  /** How much of an account may be spent in a day; undefined where as much as there is. */
  dayLimitOf(account: LedgerAccount, currency: Currency): bigint | undefined {
    const memberId = memberOfAccount(account);
    if (memberId === undefined) return undefined;
    const { dailyLimit } = this.termsOf(memberId);
    const limit =
      dailyLimit?.currency === currency
        ? dailyLimit
        : this.#setUp.dailyLimits.find((each) => each.currency === currency);
    return limit?.micros;
  }

  /** Reads what has changed and was not read yet. */
  refresh(): Promise<void> {
    this.#reading ??= this.#readStale();
    return this.#reading;
  }

  /** Reads all of it again: where changes may have been missed. */
  async reload(): Promise<void> {
    this.#isSetUpStale = true;
    this.#areAllTermsStale = true;
    await this.refresh();
  }

  async #readStale(): Promise<void> {
    // Begun a step later, so that its end, in one step with the last look at what is stale, is after its beginning.
    await Promise.resolve();
    try {
      while (this.#isSetUpStale || this.#areAllTermsStale || this.#staleMembers.size > 0)
        await this.#readOnce();
    } catch (error) {
      this.#onTrouble('a change of charging could not be read', error);
    }
    this.#reading = undefined;
  }

  /** What cannot be read stays stale. */
  async #readOnce(): Promise<void> {
    if (this.#isSetUpStale) {
      this.#isSetUpStale = false;
      try {
        this.#setUp = (await this.#store.load()).setUp;
      } catch (error) {
        this.#isSetUpStale = true;
        throw error;
      }
    }
    if (this.#areAllTermsStale) {
      this.#areAllTermsStale = false;
      try {
        for await (const batch of this.#store.allTerms()) {
          for (const { memberId, terms } of batch) this.#terms.set(memberId, terms);
        }
      } catch (error) {
        this.#areAllTermsStale = true;
        throw error;
      }
    }
    // After all of them, since one that changes meanwhile may have come as it was.
    for (const memberId of [...this.#staleMembers]) {
      this.#staleMembers.delete(memberId);
      try {
        this.#terms.set(memberId, (await this.#store.termsOf(memberId)) ?? USUAL_TERMS);
      } catch (error) {
        this.#staleMembers.add(memberId);
        throw error;
      }
    }
  }
}
