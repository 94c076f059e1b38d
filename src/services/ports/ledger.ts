import type { Currency } from '../../domain/billing/index.ts';
import type {
  Balance,
  LedgerAccount,
  LedgerEntry,
  PendingTransfer,
} from '../../domain/billing/ledger/index.ts';

/** What came of entries that were to be written, all of them or none. */
export type LedgerWrite =
  /** They are kept for good, now or since an earlier time. */
  | 'written'
  /** A bounded account would fall below its floor. */
  | 'credit-exceeded'
  /** A pending transfer has its end already, is less than was to be posted, or was never there. */
  | 'not-pending'
  /** An id stands for another movement. */
  | 'id-reused';

/** What came of a pending transfer that was asked for. */
export type Reservation =
  /** It is kept back; `after` is absent where it was before. */
  | { readonly kind: 'reserved'; readonly after?: Standing }
  /** Nothing was reserved: there is only so much, which may be less than nothing. */
  | {
      readonly kind: 'exceeded';
      readonly availableMicros: bigint;
      readonly why: 'credit' | 'day-limit';
    };

/** How an account stands after something was kept back on it. */
export type Standing = {
  /** What more could be kept back; absent where nothing bounds it. */
  readonly availableMicros?: bigint;
  /** What was spent and is kept back of this day of UTC. */
  readonly spentTodayMicros: bigint;
};

/** A line of the ledger as it is read: the ends of pending transfers name what they ended. */
export type LedgerLine = {
  readonly id: string;
  readonly kind: LedgerEntry['kind'];
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly currency: Currency;
  readonly micros: bigint;
  readonly purpose: string;
  readonly subject: string;
  readonly atMs: number;
  readonly pendingId?: string;
  readonly expiresAtMs?: number;
  readonly exchangeRatePicos?: bigint;
  /** Lines are numbered in the order in which they were written. */
  readonly line: number;
};

export type LedgerLineFilter = {
  readonly account?: LedgerAccount;
  readonly currency?: Currency;
  readonly subject?: string;
  /** Lines before this one, newest first. */
  readonly before?: number;
  readonly limit: number;
};

/** What a look over the whole ledger found; everything is well where all lists are empty. */
export type LedgerAudit = {
  readonly accounts: number;
  readonly lines: number;
  /** Currencies in which the balances of all accounts do not add up to zero. */
  readonly unbalanced: readonly { readonly currency: Currency; readonly micros: bigint }[];
  /** Accounts that stand otherwise than their lines say. */
  readonly deviating: readonly { readonly account: LedgerAccount; readonly currency: Currency }[];
};

/** The ledger (R23, R24). */
export type LedgerStore = {
  /** Writes entries, all or none. Those whose ids are known are not written twice. */
  write(entries: readonly LedgerEntry[]): Promise<LedgerWrite>;
  /**
   * Writes each pending transfer whose account can bear it, one after the other.
   * @returns in the order of the requests
   */
  reserve(requests: readonly PendingTransfer[]): Promise<readonly Reservation[]>;
  /** How an account stands; all zero where nothing was booked on it. */
  balance(account: LedgerAccount, currency: Currency): Promise<Balance>;
  /** All accounts that begin with a text, by name and currency; those after `after`, at most `limit`. */
  balances(filter: {
    readonly prefix?: string;
    readonly after?: readonly [account: string, currency: string];
    readonly limit: number;
  }): Promise<readonly Balance[]>;
  /**
   * Sets how far a bounded account may fall.
   * @returns false where it is below that already; nothing was changed
   */
  setFloor(account: LedgerAccount, currency: Currency, floorMicros: bigint): Promise<boolean>;
  lines(filter: LedgerLineFilter): Promise<readonly LedgerLine[]>;
  /** Ends pending transfers past their time with nothing moved. @returns how many */
  expire(nowMs: number, limit: number): Promise<number>;
  /** The same for those whose holder is no process that lives. @returns how many */
  freeAbandoned(nowMs: number): Promise<number>;
  audit(): Promise<LedgerAudit>;
};
