import {
  type CallingTerms,
  type ChargingSetUp,
  NOTHING_CHARGED,
} from '../../domain/billing/charging/index.ts';
import type { ChargingStore, MemberTerms } from '../../services/ports/index.ts';

/** How calls are charged, as long as the process lives. */
export class MemoryCharging implements ChargingStore {
  readonly #hasMember: (memberId: string) => boolean;
  readonly #terms = new Map<string, CallingTerms>();
  #revision = 0n;
  #setUp: ChargingSetUp = NOTHING_CHARGED;

  constructor(hasMember: (memberId: string) => boolean) {
    this.#hasMember = hasMember;
  }

  async load() {
    return { revision: this.#revision, setUp: this.#setUp };
  }

  async change(revision: bigint, setUp: ChargingSetUp): Promise<bigint | undefined> {
    if (revision !== this.#revision) return undefined;
    this.#revision += 1n;
    this.#setUp = setUp;
    return this.#revision;
  }

  async termsOf(memberId: string): Promise<CallingTerms | undefined> {
    return this.#terms.get(memberId);
  }

  async setTerms(memberId: string, terms: CallingTerms): Promise<boolean> {
    if (!this.#hasMember(memberId)) return false;
    this.#terms.set(memberId, terms);
    return true;
  }

  async *allTerms(): AsyncGenerator<readonly MemberTerms[]> {
    yield [...this.#terms].map(([memberId, terms]) => ({ memberId, terms }));
  }
}
