import { type Money, printMoney } from '../domain/billing/index.ts';
import { exchangeLines, type PostedTransfer, rateBetween } from '../domain/billing/ledger/index.ts';
import { permit } from '../domain/members/index.ts';
import { type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { type PostingByHand, postByHand, readLedgerAccount } from './post-by-hand.ts';

/** What a unit may be worth at most; the ledger keeps rates with twelve decimals in 64 bits. */
const HIGHEST_RATE_PICOS = 10n ** 18n;

export type ExchangeMoney = PostingByHand & {
  readonly account: string;
  readonly sold: Money;
  readonly bought: Money;
  /** Both amounts again, as `100.00 USD into 139025 KRW`. */
  readonly confirmation: string;
};

/**
 * Turns money on an account from one currency into another by hand (R23): what the bank exchanged, credit that a member
 * wants elsewhere, what is owed to a network that is paid in another currency.
 * @returns its two lines; refused with `ledger-account-unknown`, `amount-malformed`, `currency-same`,
 *   `confirmation-missing`, `credit-spent`, `idempotency-key-reused`, or as `permit` does
 */
export async function exchangeMoney(
  ports: Pick<ServicePorts, 'adjustments' | 'clock' | 'hash' | 'members'>,
  command: ExchangeMoney,
): Promise<Result<readonly [PostedTransfer, PostedTransfer]>> {
  const { actor, sold, bought } = command;
  const permitted = permit(actor, 'adjust-ledger');
  if (!permitted.ok) return permitted;
  const account = await readLedgerAccount(ports, command.account, '/account');
  if (!account.ok) return account;
  const { value: exchanged } = account;
  if (exchanged === 'exchange') {
    return refuse('ledger-account-unknown', 'Name the account whose money it is, such as bank.', '/account');
  }
  if (sold.currency === bought.currency) {
    return refuse('currency-same', 'Money is exchanged into another currency.', '/bought/currency');
  }
  if (sold.micros <= 0n) return refuse('amount-malformed', 'Exchange more than nothing.', '/sold/amount');
  if (bought.micros <= 0n) return refuse('amount-malformed', 'Exchange more than nothing.', '/bought/amount');
  const rates = [rateBetween(sold, bought).picos, rateBetween(bought, sold).picos];
  if (rates.some((picos) => picos > HIGHEST_RATE_PICOS)) {
    return refuse(
      'amount-malformed',
      'One unit is not worth more than a million of another.',
      '/bought/amount',
    );
  }
  const asConfirmed = `${printMoney(sold)} into ${printMoney(bought)}`;
  if (command.confirmation.trim() !== asConfirmed) {
    return refuse('confirmation-missing', `Confirm it by writing ${asConfirmed}.`, '/confirmation');
  }
  const atMs = ports.clock.nowMs();
  return postByHand(ports, command, (key) =>
    exchangeLines({ id: `exchange/${key}`, account: exchanged, sold, bought, atMs }),
  );
}
