import { type Money, printMoney } from '../domain/billing/index.ts';
import {
  isLedgerAccount,
  type LedgerAccount,
  type PostedTransfer,
  type TransferPurpose,
} from '../domain/billing/ledger/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** What an operator may say a transfer by hand is. */
export const ADJUSTMENT_PURPOSES = [
  'adjustment',
  'correction',
  'fee',
  'payout',
  'tax',
  'write-off',
] as const satisfies readonly TransferPurpose[];

export type AdjustLedger = {
  readonly actor: Actor;
  readonly debit: string;
  readonly credit: string;
  readonly amount: Money;
  readonly purpose: (typeof ADJUSTMENT_PURPOSES)[number];
  readonly reason: string;
  /** The amount again, as `5000 KRW`: nobody moves money by a slip of the hand. */
  readonly confirmation: string;
  /** Asked twice with the same one, the money moves once. */
  readonly onceKey: string;
};

/**
 * Moves money by hand: the processor's fee, its payout to the bank, goodwill, a debt that is given up. Lines stay for
 * ever, so that a mistake is mended by another transfer.
 * @returns refused with `ledger-account-unknown`, `amount-malformed`, `confirmation-missing`, `credit-spent`,
 *   `idempotency-key-reused`, or as `permit` does
 */
export async function adjustLedger(
  ports: Pick<ServicePorts, 'adjustments' | 'clock' | 'hash' | 'members'>,
  command: AdjustLedger,
): Promise<Result<PostedTransfer>> {
  const { actor, amount, purpose, reason } = command;
  const permitted = permit(actor, 'adjust-ledger');
  if (!permitted.ok) return permitted;
  const debit = await readAccount(ports, command.debit, '/debit');
  if (!debit.ok) return debit;
  const credit = await readAccount(ports, command.credit, '/credit');
  if (!credit.ok) return credit;
  if (debit.value === credit.value) {
    return refuse('ledger-account-unknown', 'Money moves from one account to another.', '/credit');
  }
  if (amount.micros <= 0n) return refuse('amount-malformed', 'Move more than nothing.', '/amount/amount');
  if (command.confirmation.trim() !== printMoney(amount)) {
    return refuse('confirmation-missing', `Confirm it by writing ${printMoney(amount)}.`, '/confirmation');
  }
  const userId = 'userId' in actor ? actor.userId : 'service';
  const id = `adjustment/${ports.hash.sha256(`${userId} ${command.onceKey}`).slice(0, 32)}`;
  const transfer: PostedTransfer = {
    kind: 'posted',
    id,
    debit: debit.value,
    credit: credit.value,
    currency: amount.currency,
    micros: amount.micros,
    purpose,
    subject: id,
    atMs: ports.clock.nowMs(),
  };
  switch (await ports.adjustments.keep({ transfer, reason, userId })) {
    case 'written':
      return accept(transfer);
    case 'credit-exceeded':
      return refuse('credit-spent', 'The member has not so much: its account would fall below its floor.');
    case 'id-reused':
    case 'not-pending':
      return refuse('idempotency-key-reused', 'This key belongs to another transfer: use a new one.');
  }
}

async function readAccount(
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
  const memberId = /^member\/(.+)$/.exec(text)?.[1];
  if (memberId !== undefined && (await members.find(memberId)) === undefined) return unknown;
  return accept(text);
}
