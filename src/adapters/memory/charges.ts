import { bookingOf, type Charge, laterEnd, WENT_ON } from '../../domain/billing/charging/index.ts';
import { memberOfAccount } from '../../domain/billing/ledger/index.ts';
import type {
  ChargeFilter,
  ChargeStore,
  Correction,
  KeptCharge,
  MarginFilter,
  MarginKey,
  MarginLine,
} from '../../services/ports/index.ts';
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

  /** The same for ends that the carrying process itself writes: a call that others had ended too early is charged anew. */
  keepEnds(charges: readonly Charge[]): void {
    const later = charges.filter(
      ({ id, endedAtMs }) => (this.#charges.get(id)?.endedAtMs ?? endedAtMs) < endedAtMs,
    );
    this.keep(charges);
    for (const charge of later.map(laterEnd)) {
      if (this.keep([charge]) === 0) continue;
      const correction = { reason: WENT_ON, by: 'the service', atMs: charge.endedAtMs };
      const kept = this.#charges.get(charge.id);
      if (kept !== undefined) this.#charges.set(charge.id, { ...kept, correction });
    }
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

  async margins({ by, fromMs, untilMs, limit }: MarginFilter): Promise<readonly MarginLine[]> {
    const all = this.all();
    const last = all.filter(({ callId, leg, run, endedAtMs }) => {
      const isLast = !all.some((other) => other.callId === callId && other.leg === leg && other.run > run);
      return isLast && endedAtMs >= fromMs && endedAtMs < untilMs;
    });
    const lines = new Map<string, MarginLine>();
    const counted = new Set<string>();
    for (const charge of last) {
      const { callId, number, currency, answeredAtMs, endedAtMs, paidBy, micros } = charge;
      const legs = last.filter((other) => other.callId === callId && other.number === number);
      const key = marginKey(by, legs);
      const none = { key, currency, calls: 0, durationMs: 0, revenueMicros: 0n, costMicros: 0n };
      const line = lines.get(`${key}\0${currency}`) ?? none;
      const isFirst = !counted.has(`${callId}\0${number}\0${currency}`);
      counted.add(`${callId}\0${number}\0${currency}`);
      lines.set(`${key}\0${currency}`, {
        ...line,
        calls: line.calls + (isFirst ? 1 : 0),
        durationMs: line.durationMs + (isFirst ? endedAtMs - answeredAtMs : 0),
        revenueMicros: line.revenueMicros + (paidBy === 'other' ? micros : 0n),
        costMicros: line.costMicros + (paidBy === 'us' ? micros : 0n),
      });
    }
    return [...lines.values()].sort(byRevenue).slice(0, limit);
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

/** What the legs of one call to one number are added up under. */
function marginKey(by: MarginKey, legs: readonly KeptCharge[]): string {
  const of = (belongs: (leg: KeptCharge) => boolean) => legs.find(belongs);
  switch (by) {
    case 'destination':
      return (of(({ kind }) => kind === 'sale') ?? legs[0])?.destination ?? '';
    case 'carrier':
      return (
        (
          of(({ kind }) => kind === 'cost') ?? of(({ account }) => account.startsWith('trunk/'))
        )?.account.slice('trunk/'.length) ?? ''
      );
    case 'member':
      return legs.map(({ account }) => memberOfAccount(account)).find((id) => id !== undefined) ?? '';
  }
}

function byRevenue(one: MarginLine, other: MarginLine): number {
  const difference = other.revenueMicros - one.revenueMicros;
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return one.key === other.key ? 0 : one.key < other.key ? -1 : 1;
}
