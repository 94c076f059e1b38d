import {
  isLedgerAccount,
  type LedgerAccount,
  memberOfAccount,
  type PostedTransfer,
} from '../domain/billing/ledger/index.ts';
import type { Actor } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** What an operator books by hand. */
export type PostingByHand = {
  readonly actor: Actor;
  readonly reason: string;
  /** Asked twice with the same one, the money moves once. */
  readonly onceKey: string;
};

/**
 * Posts transfers whose id is made of who asks and of the key, so that the same request is the same transfers.
 * @returns refused with `credit-spent` or `idempotency-key-reused`
 */
export async function postByHand<Transfers extends readonly PostedTransfer[]>(
  { adjustments, hash }: Pick<ServicePorts, 'adjustments' | 'hash'>,
  { actor, reason, onceKey }: PostingByHand,
  transfersOf: (id: string) => Transfers,
): Promise<Result<Transfers, 'credit-spent' | 'idempotency-key-reused'>> {
  const userId = 'userId' in actor ? actor.userId : 'service';
  const transfers = transfersOf(hash.sha256(`${userId} ${onceKey}`).slice(0, 32));
  switch (await adjustments.keep({ transfers, reason, userId })) {
    case 'written':
      return accept(transfers);
    case 'credit-exceeded':
      return refuse('credit-spent', 'The member has not so much: its account would fall below its floor.');
    case 'id-reused':
    case 'not-pending':
      return refuse('idempotency-key-reused', 'This key belongs to another transfer: use a new one.');
  }
}

/** The account that a text names. @returns refused with `ledger-account-unknown`, also where the member is not there */
export async function readLedgerAccount(
  { members }: Pick<ServicePorts, 'members'>,
  text: string,
  pointer: string,
): Promise<Result<LedgerAccount, 'ledger-account-unknown'>> {
  const unknown = refuse(
    'ledger-account-unknown',
    `"${text}" is no account: write bank, card, deposits, fees and so on, member/<id> or trunk/<name>.`,
    pointer,
  );
  if (!isLedgerAccount(text)) return unknown;
  const memberId = memberOfAccount(text);
  if (memberId !== undefined && (await members.find(memberId)) === undefined) return unknown;
  return accept(text);
}
