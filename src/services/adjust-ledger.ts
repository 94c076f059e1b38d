import { type Money, printMoney } from '../domain/billing/index.ts';
import type { PostedTransfer, TransferPurpose } from '../domain/billing/ledger/index.ts';
import { permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { type PostingByHand, postByHand, readLedgerAccount } from './post-by-hand.ts';

/** What an operator may say a transfer by hand is. */
export const ADJUSTMENT_PURPOSES = [
  'adjustment',
  'correction',
  'fee',
  'payout',
  'tax',
  'write-off',
] as const satisfies readonly TransferPurpose[];

export type AdjustLedger = PostingByHand & {
  readonly debit: string;
  readonly credit: string;
  readonly amount: Money;
  readonly purpose: (typeof ADJUSTMENT_PURPOSES)[number];
  /** The amount again, as `5000 KRW`: nobody moves money by a slip of the hand. */
  readonly confirmation: string;
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
  const { actor, amount, purpose } = command;
  const permitted = permit(actor, 'adjust-ledger');
  if (!permitted.ok) return permitted;
  const debit = await readLedgerAccount(ports, command.debit, '/debit');
  if (!debit.ok) return debit;
  const credit = await readLedgerAccount(ports, command.credit, '/credit');
  if (!credit.ok) return credit;
  if (debit.value === credit.value) {
    return refuse('ledger-account-unknown', 'Money moves from one account to another.', '/credit');
  }
  if (amount.micros <= 0n) return refuse('amount-malformed', 'Move more than nothing.', '/amount/amount');
  if (command.confirmation.trim() !== printMoney(amount)) {
    return refuse('confirmation-missing', `Confirm it by writing ${printMoney(amount)}.`, '/confirmation');
  }
  const atMs = ports.clock.nowMs();
  const posted = await postByHand(ports, command, (key) => {
    const id = `adjustment/${key}`;
    const [from, to] = [debit.value, credit.value];
    return [{ kind: 'posted', id, debit: from, credit: to, ...amount, purpose, subject: id, atMs }] as const;
  });
  return posted.ok ? accept(posted.value[0]) : posted;
}
