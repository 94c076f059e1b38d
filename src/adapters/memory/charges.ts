import { bookingOf, type Charge } from '../../domain/billing/charging/index.ts';
import type { ChargeFilter, ChargeStore, Correction, KeptCharge } from '../../services/ports/index.ts';
import { MemoryLedger } from './ledger.ts';

/** What calls were charged, as long as the process lives. */
export class MemoryCharges implements ChargeStore {
  readonly #ledger: MemoryLedger;
  readonly #charges = new Map<string, KeptCharge>();

  constructor(ledger = new MemoryLedger()) {
    this.#ledger = ledger;
  }

  /** Keeps those that are new, and moves their money. @returns how many were new */
  keep(charges: readonly Charge[]): number {
    const before = this.#charges.size;
    for (const charge of charges) {
      if (this.#charges.has(charge.id)) continue;
      this.#charges.set(charge.id, { ...charge, line: this.#charges.size + 1 });
      const { id, callId, currency, micros, endedAtMs: atMs } = charge;
      this.#ledger.settle([{ id, currency, micros, atMs, ...bookingOf(charge, callId) }]);
    }
    return this.#charges.size - before;
  }

  /** In the order in which they were kept. */
  all(): readonly KeptCharge[] {
    return [...this.#charges.values()];
  }

  async find(id: string): Promise<KeptCharge | undefined> {
    return this.#charges.get(id);
  }

  async ofCall(callId: string): Promise<readonly KeptCharge[]> {
    return [...this.#charges.values()].filter((charge) => charge.callId === callId);
  }

  async list({
    account,
    kind,
    numberPrefix = '',
    endedFromMs = 0,
    endedBeforeMs = Number.POSITIVE_INFINITY,
    before = Number.POSITIVE_INFINITY,
    limit,
  }: ChargeFilter): Promise<readonly KeptCharge[]> {
    return [...this.#charges.values()]
      .filter((charge) => account === undefined || charge.account === account)
      .filter((charge) => kind === undefined || charge.kind === kind)
      .filter(({ number }) => number.startsWith(numberPrefix))
      .filter(({ endedAtMs }) => endedAtMs >= endedFromMs && endedAtMs < endedBeforeMs)
      .filter(({ line }) => line < before)
      .reverse()
      .slice(0, limit);
  }

  async correct(charge: Charge, correction: Correction): Promise<'kept' | 'run-known'> {
    const { callId, leg, run } = charge;
    const isKnown = this.all().some((kept) => kept.callId === callId && kept.leg === leg && kept.run === run);
    if (isKnown || this.keep([charge]) === 0) return 'run-known';
    const kept = this.#charges.get(charge.id);
    if (kept !== undefined) this.#charges.set(charge.id, { ...kept, correction });
    return 'kept';
  }
}
