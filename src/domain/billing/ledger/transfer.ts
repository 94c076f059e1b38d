import type { Currency } from '../money-currency.ts';
import type { LedgerAccount } from './account.ts';

/** Why money is moved. */
export type TransferPurpose =
  | 'adjustment'
  | 'call'
  | 'call-cost'
  | 'correction'
  | 'deposit'
  | 'exchange'
  | 'fee'
  | 'inbound-call'
  | 'number-sale'
  | 'payout'
  | 'refund'
  | 'renewal'
  | 'rounding'
  | 'settlement'
  | 'tax'
  | 'top-up'
  | 'write-off';

type Movement = {
  /** Made by whoever asks for it: the same one twice is the same movement. */
  readonly id: string;
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly currency: Currency;
  /** More than zero. */
  readonly micros: bigint;
  readonly purpose: TransferPurpose;
  /** What it is about: `order/…`, `call/…`, `bill/…`. */
  readonly subject: string;
  readonly atMs: number;
  /** Where one currency became another, what one unit was worth, in 10⁻¹² of the other. */
  readonly exchangeRatePicos?: bigint;
};

/** Money that has moved from one account to another. */
export type PostedTransfer = Movement & { readonly kind: 'posted' };

/** Money that is kept back on the debited account until it is known how much of it moves. */
export type PendingTransfer = Movement & {
  readonly kind: 'pending';
  readonly expiresAtMs: number;
  /** The process that is to end it: where it dies, nothing moves. */
  readonly holder?: string;
  /** How much of the account may be spent in a day of UTC, what is kept back included. */
  readonly dayLimitMicros?: bigint;
};

/** The end of a pending transfer: so much of it moves, and the rest is free again. */
export type PostOfPending = {
  readonly kind: 'post';
  readonly id: string;
  readonly pendingId: string;
  readonly micros: bigint;
  readonly atMs: number;
};

/** The end of a pending transfer of which nothing moves. */
export type VoidOfPending = {
  readonly kind: 'void';
  readonly id: string;
  readonly pendingId: string;
  readonly atMs: number;
};

/** One line of the ledger. Lines are added, and never changed. */
export type LedgerEntry = PostedTransfer | PendingTransfer | PostOfPending | VoidOfPending;

/** How an account stands in a currency; all in millionths of its major unit. */
export type Balance = {
  readonly account: LedgerAccount;
  readonly currency: Currency;
  readonly debitsMicros: bigint;
  readonly creditsMicros: bigint;
  /** Kept back by pending transfers. */
  readonly pendingMicros: bigint;
  /** How far the account may fall: 0 for prepaid credit, below zero for a credit limit; absent where nothing bounds it. */
  readonly floorMicros?: bigint;
};

/** What was credited less what was debited. */
export function balanceMicros({ creditsMicros, debitsMicros }: Balance): bigint {
  return creditsMicros - debitsMicros;
}

/** What can be debited at this moment; undefined where nothing bounds the account. */
export function availableMicros(balance: Balance): bigint | undefined {
  if (balance.floorMicros === undefined) return undefined;
  return balanceMicros(balance) - balance.pendingMicros - balance.floorMicros;
}
