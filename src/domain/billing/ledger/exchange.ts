import type { Money } from '../money.ts';
import { type LedgerAccount, OWN_ACCOUNTS } from './account.ts';
import { rateBetween } from './exchange-rate.ts';
import type { PostedTransfer } from './transfer.ts';

/** Money of one currency on an account that became money of another. */
export type Exchange = {
  readonly id: string;
  readonly account: Exclude<LedgerAccount, 'exchange'>;
  readonly sold: Money;
  readonly bought: Money;
  readonly atMs: number;
};

/**
 * The two lines of an exchange (R23). Each has two sides of one currency, so that the sums of both stay zero; what the
 * account `exchange` holds in the one and lacks in the other is the position that a change of the rate gains or loses on.
 * Each keeps what one unit of its currency was worth in the other.
 */
export function exchangeLines(exchange: Exchange): readonly [PostedTransfer, PostedTransfer] {
  const { id, account, sold, bought, atMs } = exchange;
  const line = (step: string, from: Money, to: Money, isLess: boolean): PostedTransfer => ({
    kind: 'posted',
    id: `${id}/${step}`,
    debit: isLess ? account : 'exchange',
    credit: isLess ? 'exchange' : account,
    ...from,
    purpose: 'exchange',
    subject: id,
    atMs,
    exchangeRatePicos: rateBetween(from, to).picos,
  });
  // What we have and what we spent is below zero: there is less of it once it is credited.
  const isBelowZero = isAssetOrExpense(account);
  return [line('sold', sold, bought, !isBelowZero), line('bought', bought, sold, isBelowZero)];
}

function isAssetOrExpense(account: LedgerAccount): boolean {
  const kind = Object.hasOwn(OWN_ACCOUNTS, account)
    ? OWN_ACCOUNTS[account as keyof typeof OWN_ACCOUNTS]
    : undefined;
  return kind === 'asset' || kind === 'expense';
}
