import type { Currency } from '../../domain/billing/index.ts';
import {
  availableMicros,
  type Balance,
  balanceMicros,
  isBounded,
  type LedgerAccount,
  type LedgerEntry,
  type PendingTransfer,
  type TransferPurpose,
} from '../../domain/billing/ledger/index.ts';
import type {
  LedgerAudit,
  LedgerLine,
  LedgerLineFilter,
  LedgerStore,
  LedgerWrite,
  Reservation,
} from '../../services/ports/index.ts';

const DAY_MS = 86_400_000;

/** An amount that what was moved for a subject is brought to. */
export type LedgerSettlement = {
  readonly id: string;
  readonly subject: string;
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly currency: Currency;
  readonly micros: bigint;
  readonly purpose: TransferPurpose;
  readonly atMs: number;
};

/** The ledger in memory: nothing awaits between a check and what depends on it. */
export class MemoryLedger implements LedgerStore {
  readonly #lines = new Map<string, LedgerLine>();
  readonly #balances = new Map<string, Balance>();
  readonly #pendings = new Map<string, LedgerLine>();
  readonly #days = new Map<string, { readonly day: number; readonly debitsMicros: bigint }>();

  async write(entries: readonly LedgerEntry[]): Promise<LedgerWrite> {
    return this.writeNow(entries);
  }

  /** The same without waiting, for stores that keep something along with it. */
  writeNow(entries: readonly LedgerEntry[]): LedgerWrite {
    const lines: LedgerLine[] = [];
    for (const entry of entries) {
      const line = this.#lineOf(entry, this.#lines.size + lines.length + 1);
      if (line === undefined) return 'not-pending';
      const known = this.#lines.get(entry.id);
      if (known === undefined) lines.push(line);
      else if (!isSameMovement(known, line)) return 'id-reused';
    }
    const obstacle = this.#obstacle(lines);
    if (obstacle !== undefined) return obstacle;
    for (const line of lines) this.#apply(line);
    return 'written';
  }

  async reserve(requests: readonly PendingTransfer[]): Promise<readonly Reservation[]> {
    return requests.map((request) => {
      if (this.#lines.has(request.id)) return { kind: 'reserved' };
      const { debit, currency, micros, atMs, dayLimitMicros } = request;
      const ofCredit = availableMicros(this.#balance(debit, currency));
      const spent = this.#spentToday(debit, currency, Math.floor(atMs / DAY_MS));
      const ofDay = dayLimitMicros === undefined ? undefined : dayLimitMicros - spent;
      const isDayLimit = ofDay !== undefined && (ofCredit === undefined || ofDay < ofCredit);
      const available = isDayLimit ? ofDay : ofCredit;
      if (available !== undefined && available < micros) {
        return { kind: 'exceeded', availableMicros: available, why: isDayLimit ? 'day-limit' : 'credit' };
      }
      this.writeNow([request]);
      const bound = available === undefined ? {} : { availableMicros: available - micros };
      return { kind: 'reserved', after: { ...bound, spentTodayMicros: spent + micros } };
    });
  }

  /** What was debited for calls since the first reservation of the day, and is kept back. */
  #spentToday(account: LedgerAccount, currency: Currency, today: number): bigint {
    const { debitsMicros, pendingMicros } = this.#balance(account, currency);
    const key = keyOf(account, currency);
    const known = this.#days.get(key);
    const began = known !== undefined && known.day >= today ? known : { day: today, debitsMicros };
    this.#days.set(key, began);
    return debitsMicros - began.debitsMicros + pendingMicros;
  }

  /**
   * Brings what was moved for each subject to its amount. What a bounded account cannot bear is booked as uncollected,
   * so that the end of a call is never refused.
   */
  settle(settlements: readonly LedgerSettlement[]): void {
    for (const settlement of settlements) this.#settle(settlement);
  }

  #settle({ id, subject, debit, credit, currency, micros, purpose, atMs }: LedgerSettlement): void {
    const writtenOff = this.#moved(subject, 'uncollected');
    let rest = micros - this.#moved(subject, debit) - writtenOff;
    const write = (entry: LedgerEntry) => {
      const written = this.writeNow([entry]);
      if (written !== 'written') throw new Error(`The end of ${subject} is refused: ${written}`);
    };
    for (const held of [...this.#pendings.values()].filter((pending) => pending.subject === subject)) {
      const part = smaller(rest, held.micros);
      const about = { pendingId: held.id, atMs };
      if (part > 0n) write({ ...about, kind: 'post', id: `${held.id}+`, micros: part });
      else write({ ...about, kind: 'void', id: `${held.id}-` });
      if (part > 0n) rest -= part;
    }
    const movement = { kind: 'posted', currency, subject, atMs } as const;
    if (rest < 0n) {
      // What was too much was not all borne: first, less is written off.
      const collected = smaller(writtenOff, -rest);
      const back = { ...movement, debit: credit, purpose: 'correction' } as const;
      if (collected > 0n) write({ ...back, id: `${id}!`, credit: 'uncollected', micros: collected });
      if (-rest > collected) write({ ...back, id: `${id}~`, credit: debit, micros: -rest - collected });
      return;
    }
    const borne = smaller(availableMicros(this.#balance(debit, currency)) ?? rest, rest);
    if (borne > 0n) write({ ...movement, id: `${id}=`, debit, credit, micros: borne, purpose });
    if (borne === rest) return;
    write({
      ...movement,
      id: `${id}!`,
      debit: 'uncollected',
      credit,
      micros: rest - borne,
      purpose: 'write-off',
    });
  }

  /** What an account has borne of a subject. */
  #moved(subject: string, account: LedgerAccount): bigint {
    let micros = 0n;
    for (const line of this.#lines.values()) {
      if (line.subject !== subject || line.kind === 'pending' || line.kind === 'void') continue;
      if (line.debit === account) micros += line.micros;
      if (line.credit === account) micros -= line.micros;
    }
    return micros;
  }

  async balance(account: LedgerAccount, currency: Currency): Promise<Balance> {
    return this.#balance(account, currency);
  }

  async balances({
    prefix = '',
    after,
    limit,
  }: Parameters<LedgerStore['balances']>[0]): Promise<readonly Balance[]> {
    const last = after === undefined ? '' : keyOf(after[0], after[1]);
    return [...this.#balances]
      .filter(([key, { account }]) => account.startsWith(prefix) && key > last)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .slice(0, limit)
      .map(([, balance]) => balance);
  }

  async setFloor(account: LedgerAccount, currency: Currency, floorMicros: bigint): Promise<boolean> {
    const balance = { ...this.#balance(account, currency), floorMicros };
    if ((availableMicros(balance) ?? 0n) < 0n) return false;
    this.#balances.set(keyOf(account, currency), balance);
    return true;
  }

  async lines({
    account,
    currency,
    subject,
    before,
    limit,
  }: LedgerLineFilter): Promise<readonly LedgerLine[]> {
    return [...this.#lines.values()]
      .filter(
        (line) =>
          (account === undefined || line.debit === account || line.credit === account) &&
          (currency === undefined || line.currency === currency) &&
          (subject === undefined || line.subject === subject) &&
          (before === undefined || line.line < before),
      )
      .reverse()
      .slice(0, limit);
  }

  async expire(nowMs: number, limit: number): Promise<number> {
    const overdue = [...this.#pendings.values()].filter(({ expiresAtMs = 0 }) => expiresAtMs <= nowMs);
    const ends = overdue
      .slice(0, limit)
      .map(({ id }): LedgerEntry => ({ kind: 'void', id: `${id}-`, pendingId: id, atMs: nowMs }));
    this.writeNow(ends);
    return ends.length;
  }

  /** In memory there is one process, and it lives. */
  async freeAbandoned(): Promise<number> {
    return 0;
  }

  async audit(): Promise<LedgerAudit> {
    const sums = new Map<Currency, bigint>();
    for (const balance of this.#balances.values()) {
      sums.set(balance.currency, (sums.get(balance.currency) ?? 0n) + balanceMicros(balance));
    }
    return {
      accounts: this.#balances.size,
      lines: this.#lines.size,
      unbalanced: [...sums]
        .filter(([, micros]) => micros !== 0n)
        .map(([currency, micros]) => ({ currency, micros })),
      deviating: [],
    };
  }

  #lineOf(entry: LedgerEntry, line: number): LedgerLine | undefined {
    if ('debit' in entry) return { ...entry, line };
    const begun = this.#lines.get(entry.pendingId);
    if (begun === undefined) return undefined;
    const { debit, credit, currency, purpose, subject } = begun;
    const micros = entry.kind === 'post' ? entry.micros : begun.micros;
    return { ...entry, debit, credit, currency, purpose, subject, micros, line };
  }

  /** What speaks against lines that are to be written together. */
  #obstacle(lines: readonly LedgerLine[]): LedgerWrite | undefined {
    const ended = new Set<string>();
    const changed = new Map<string, Balance>();
    for (const line of lines) {
      if (line.pendingId !== undefined) {
        const pending = this.#pendings.get(line.pendingId);
        if (pending === undefined || line.micros > pending.micros || ended.has(line.pendingId)) {
          return 'not-pending';
        }
        ended.add(line.pendingId);
      }
      for (const change of this.#changes(line, (key) => changed.get(key))) {
        changed.set(keyOf(change.account, change.currency), change);
      }
    }
    const isExceeded = [...changed.values()].some((balance) => (availableMicros(balance) ?? 0n) < 0n);
    return isExceeded ? 'credit-exceeded' : undefined;
  }

  #apply(line: LedgerLine): void {
    this.#lines.set(line.id, line);
    const day = this.#days.get(keyOf(line.debit, line.currency));
    if (day !== undefined && line.purpose !== 'call' && (line.kind === 'posted' || line.kind === 'post')) {
      const debitsMicros = day.debitsMicros + line.micros;
      this.#days.set(keyOf(line.debit, line.currency), { ...day, debitsMicros });
    }
    for (const balance of this.#changes(line, () => undefined)) {
      this.#balances.set(keyOf(balance.account, balance.currency), balance);
    }
    if (line.kind === 'pending') this.#pendings.set(line.id, line);
    if (line.pendingId !== undefined) this.#pendings.delete(line.pendingId);
  }

  /** The accounts of a line as they stand after it. */
  #changes(line: LedgerLine, changed: (key: string) => Balance | undefined): Balance[] {
    const { debit, credit, currency, kind, micros } = line;
    const at = (account: LedgerAccount) =>
      changed(keyOf(account, currency)) ?? this.#balance(account, currency);
    const debited = at(debit);
    if (kind === 'pending') return [{ ...debited, pendingMicros: debited.pendingMicros + micros }];
    const freed = line.pendingId === undefined ? 0n : (this.#pendings.get(line.pendingId)?.micros ?? 0n);
    const free = { ...debited, pendingMicros: debited.pendingMicros - freed };
    if (kind === 'void') return [free];
    const credited = at(credit);
    return [
      { ...free, debitsMicros: free.debitsMicros + micros },
      { ...credited, creditsMicros: credited.creditsMicros + micros },
    ];
  }

  #balance(account: LedgerAccount, currency: Currency): Balance {
    const known = this.#balances.get(keyOf(account, currency));
    if (known !== undefined) return known;
    const floor = isBounded(account) ? { floorMicros: 0n } : {};
    return { account, currency, debitsMicros: 0n, creditsMicros: 0n, pendingMicros: 0n, ...floor };
  }
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** Sorts as the account and then the currency do. */
function keyOf(account: string, currency: string): string {
  return `${account}\0${currency}`;
}

function isSameMovement(one: LedgerLine, other: LedgerLine): boolean {
  return (
    one.kind === other.kind &&
    one.debit === other.debit &&
    one.credit === other.credit &&
    one.currency === other.currency &&
    one.micros === other.micros &&
    one.pendingId === other.pendingId
  );
}
