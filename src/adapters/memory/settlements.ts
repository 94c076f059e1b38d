import {
  differenceMicros,
  directionOf,
  dueMicros,
  leftMicros,
  type OpenSettlement,
  type Settlement,
  type StatedSettlement,
  type StatementParts,
  type UsageLine,
} from '../../domain/billing/settlement/index.ts';
import {
  type KeptCharge,
  type ListedSettlement,
  type SettledLeg,
  type SettledSpan,
  type SettlementFilter,
  type SettlementStore,
  spanOf,
} from '../../services/ports/index.ts';
import type { MemoryCharges } from './charges.ts';
import type { MemoryLedger } from './ledger.ts';

/** Settlements as long as the process lives. */
export class MemorySettlements implements SettlementStore {
  readonly #charges: MemoryCharges;
  readonly #ledger: MemoryLedger;
  readonly #kept = new Map<string, StatedSettlement>();
  /** Settlements whose rest is in another one. */
  readonly #carried = new Set<string>();

  constructor(charges: MemoryCharges, ledger: MemoryLedger) {
    this.#charges = charges;
    this.#ledger = ledger;
  }

  async find(id: string): Promise<StatedSettlement | undefined> {
    return this.#kept.get(id);
  }

  async list({ trunk, state, before, limit }: SettlementFilter): Promise<readonly ListedSettlement[]> {
    return [...this.#kept.values()]
      .filter((kept) => trunk === undefined || kept.trunk === trunk)
      .filter((kept) => state === undefined || kept.state === state)
      .filter(({ id }) => before === undefined || id < before)
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, limit)
      .map(listed);
  }

  async last(trunk: string, currency: string): Promise<StatedSettlement | undefined> {
    return this.#newest(trunk, currency, Number.POSITIVE_INFINITY);
  }

  async before({ trunk, currency, period }: Settlement): Promise<StatedSettlement | undefined> {
    return this.#newest(trunk, currency, period.fromMs);
  }

  async firstEndMs(account: string, currency: string): Promise<number | undefined> {
    const ends = this.#charges
      .all()
      .filter((charge) => charge.account === account && charge.currency === currency);
    return ends.length === 0 ? undefined : Math.min(...ends.map(({ endedAtMs }) => endedAtMs));
  }

  async preview(settlement: OpenSettlement): Promise<StatementParts> {
    return this.#count(settlement);
  }

  async close(
    settlement: OpenSettlement,
    state: (parts: StatementParts) => StatedSettlement,
  ): Promise<StatedSettlement | 'busy'> {
    const { trunk, currency, period } = settlement;
    const parts = await this.#count(settlement);
    // Somebody else may have closed it meanwhile.
    const kept = this.#of(trunk, currency).find((each) => each.period.fromMs === period.fromMs);
    if (kept !== undefined) return kept;
    const closed = state(parts);
    for (const { id } of this.#left(trunk, currency)) this.#carried.add(id);
    this.#kept.set(closed.id, closed);
    return closed;
  }

  async revise(
    id: string,
    step: Parameters<SettlementStore['revise']>[1],
  ): ReturnType<SettlementStore['revise']> {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    const stepped = step(kept);
    if (!stepped.ok) return stepped;
    const [next, effects] = stepped.value;
    if (next.state === 'open') throw new Error(`The settlement ${id} was opened again.`);
    for (const { entries } of effects) {
      const write = this.#ledger.writeNow(entries);
      if (write !== 'written') throw new Error(`The ledger refuses a settlement: ${write}`);
    }
    this.#kept.set(id, next);
    return { ok: true, value: next };
  }

  async cut(): Promise<number> {
    return this.#charges.all().length;
  }

  async *legs(span: SettledSpan): AsyncGenerator<readonly SettledLeg[]> {
    const { account, currency } = span;
    const legs = changesOf(this.#charges.all(), span)
      .filter(({ charge }) => charge.account === account && charge.currency === currency)
      .sort(lateFirst);
    if (legs.length > 0) yield legs;
  }

  async #count(settlement: OpenSettlement): Promise<StatementParts> {
    const { trunk, currency } = settlement;
    const cutLine = this.#charges.all().length;
    const before = await this.before(settlement);
    const usage = new Map<string, UsageLine>();
    const late = { calls: 0, micros: 0n };
    let ledgerMicros = 0n;
    for await (const legs of this.legs(spanOf(settlement, cutLine, before))) {
      for (const leg of legs) {
        count(usage, leg);
        ledgerMicros += await this.#movedFor(leg);
        if (!leg.isLate) continue;
        late.calls += leg.charge.run === 1 ? 1 : 0;
        late.micros += leg.charge.paidBy === 'us' ? leg.micros : -leg.micros;
      }
    }
    const left = this.#left(trunk, currency).reduce((sum, kept) => sum + leftMicros(kept), 0n);
    const lines = [...usage].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
    return { usage: lines, late, ledgerMicros, cutLine, carriedForwardMicros: left };
  }

  /** What the ledger moved for one run: what was moved while the call went on belongs to the first. */
  async #movedFor({ charge }: SettledLeg): Promise<bigint> {
    const { account, callId, leg, run, id } = charge;
    const lines = await this.#ledger.lines({ account, subject: `call/${callId}/${leg}`, limit: 1_000 });
    const corrections = this.#charges.all().filter((kept) => kept.callId === callId && kept.run > 1);
    return lines
      .filter(({ kind }) => kind === 'posted' || kind === 'post')
      .filter((line) => {
        const writer = corrections.find((kept) => kept.id === line.id.slice(0, -1));
        return run === 1 ? writer === undefined : writer?.id === id;
      })
      .reduce((sum, line) => sum + (line.credit === account ? line.micros : -line.micros), 0n);
  }

  #of(trunk: string, currency: string): readonly StatedSettlement[] {
    return [...this.#kept.values()].filter((kept) => kept.trunk === trunk && kept.currency === currency);
  }

  #newest(trunk: string, currency: string, beforeMs: number): StatedSettlement | undefined {
    return this.#of(trunk, currency)
      .filter(({ period }) => period.fromMs < beforeMs)
      .sort((one, other) => other.period.fromMs - one.period.fromMs)[0];
  }

  /** Paid ones whose rest is in no other one yet. */
  #left(trunk: string, currency: string) {
    return this.#of(trunk, currency).flatMap((kept) =>
      kept.state === 'paid' && !this.#carried.has(kept.id) ? [kept] : [],
    );
  }
}

function count(usage: Map<string, UsageLine>, { charge, micros, billedSeconds }: SettledLeg): void {
  const { kind, paidBy, destination, run, answeredAtMs, endedAtMs } = charge;
  const key = `${kind}\0${paidBy}\0${destination}`;
  const none = { calls: 0, durationMs: 0, billedSeconds: 0, micros: 0n };
  const line = usage.get(key) ?? { direction: directionOf(kind), paidBy, destination, ...none };
  const isFirst = run === 1;
  usage.set(key, {
    ...line,
    calls: line.calls + (isFirst ? 1 : 0),
    durationMs: line.durationMs + (isFirst ? endedAtMs - answeredAtMs : 0),
    billedSeconds: line.billedSeconds + billedSeconds,
    micros: line.micros + micros,
  });
}

function lateFirst(one: SettledLeg, other: SettledLeg): number {
  if (one.isLate !== other.isLate) return one.isLate ? -1 : 1;
  const byLine = one.charge.line - other.charge.line;
  return one.isLate ? byLine : one.charge.endedAtMs - other.charge.endedAtMs || byLine;
}

function listed(settlement: StatedSettlement): ListedSettlement {
  const { id, trunk, currency, period, state, statement } = settlement;
  return {
    id,
    trunk,
    currency,
    period,
    state,
    owedByUsMicros: statement.owedByUsMicros,
    owedToUsMicros: statement.owedToUsMicros,
    dueMicros: dueMicros(settlement),
    differenceMicros: differenceMicros(statement),
  };
}

/** The charges of a span on all accounts, each with what it changes. */
export function changesOf(
  all: readonly KeptCharge[],
  { untilMs, cutLine, before }: Pick<SettledSpan, 'untilMs' | 'cutLine' | 'before'>,
): SettledLeg[] {
  return all
    .filter(({ endedAtMs, line }) => endedAtMs < untilMs && line <= cutLine)
    .filter(
      ({ endedAtMs, line }) => before === undefined || endedAtMs >= before.untilMs || line > before.cutLine,
    )
    .map((charge): SettledLeg => {
      const earlier = all.findLast(
        ({ callId, leg, run }) => callId === charge.callId && leg === charge.leg && run < charge.run,
      );
      return {
        charge,
        isLate: before !== undefined && charge.endedAtMs < before.untilMs,
        micros: charge.micros - (earlier?.micros ?? 0n),
        billedSeconds: charge.billedSeconds - (earlier?.billedSeconds ?? 0),
      };
    });
}
