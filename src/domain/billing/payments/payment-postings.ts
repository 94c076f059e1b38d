import type { LedgerAccount, PostedTransfer, TransferPurpose } from '../ledger/index.ts';
import { memberAccount } from '../ledger/index.ts';
import type { Money } from '../money.ts';
import type { Deposit, Payment } from './payment.ts';

/*
 * The lines of the ledger that a payment makes. Their ids are made of the payment's, so that whoever repeats a step
 * posts the same lines again, which is once.
 *
 *   /kept             bank or card -> deposits         nothing to pay with it yet, or any more
 *   /sale, /tax       …            -> sales and tax    it paid for a number or a year of one
 *   /credit           …            -> member/…         it paid for credit, or for calls that were owed
 *   /*reversed        back         -> deposits         what it paid for was undone
 *   /payout           deposits     -> bank or card     it went back
 *   /loss             uncollected  -> card             the payer's bank took it back in a dispute
 *   /loss/reversed    card         -> uncollected      and gave it to us again
 */

/** Money that came and has to wait, or to go back. */
export function keptEntries(payment: Payment): readonly PostedTransfer[] {
  const { channel, amount, recordedAtMs } = payment;
  return moved(payment, '/kept', channel, 'deposits', amount.micros, 'deposit', recordedAtMs);
}

/** Money that paid for a number (R9) or for keeping one: what is sold, and the tax within. */
export function saleEntries(
  payment: Payment,
  deposit: Deposit,
  purpose: 'number-sale' | 'renewal',
  atMs: number,
): readonly PostedTransfer[] {
  const from = placeOf(deposit);
  const net = payment.amount.micros - payment.taxMicros;
  return [
    ...moved(payment, '/sale', from, 'number-sales', net, purpose, atMs),
    ...moved(payment, '/tax', from, 'tax', payment.taxMicros, 'tax', atMs),
  ];
}

/** Money that a member has with us from now on, or owes us no longer (R23). */
export function creditEntries(
  payment: Payment,
  deposit: Deposit,
  memberId: string,
  atMs: number,
): readonly PostedTransfer[] {
  const { micros } = payment.amount;
  return moved(payment, '/credit', placeOf(deposit), memberAccount(memberId), micros, 'top-up', atMs);
}

/** What a sale was, turned around: the money lies among the deposits until it goes back. */
export function saleReversal(payment: Payment, atMs: number): readonly PostedTransfer[] {
  const net = payment.amount.micros - payment.taxMicros;
  return [
    ...moved(payment, '/sale/reversed', 'number-sales', 'deposits', net, 'refund', atMs),
    ...moved(payment, '/tax/reversed', 'tax', 'deposits', payment.taxMicros, 'refund', atMs),
  ];
}

/** Credit that was bought, taken back; the ledger refuses it where it was spent. */
export function creditReversal(payment: Payment, memberId: string, atMs: number): readonly PostedTransfer[] {
  const { micros } = payment.amount;
  return moved(payment, '/credit/reversed', memberAccount(memberId), 'deposits', micros, 'refund', atMs);
}

/** Money that went back to who sent it, the way it came. */
export function payoutEntries(payment: Payment, atMs: number): readonly PostedTransfer[] {
  const { channel, amount } = payment;
  return moved(payment, '/payout', 'deposits', channel, amount.micros, 'payout', atMs);
}

/** Money that a payer's bank took back: until the dispute ends otherwise it is lost. */
export function lossEntries(payment: Payment, amount: Money, atMs: number): readonly PostedTransfer[] {
  return moved(payment, '/loss', 'uncollected', 'card', amount.micros, 'write-off', atMs);
}

/** Money of a dispute that ended well. */
export function lossReversal(payment: Payment, amount: Money, atMs: number): readonly PostedTransfer[] {
  return moved(payment, '/loss/reversed', 'card', 'uncollected', amount.micros, 'correction', atMs);
}

/** Where the money of a deposit lies at the moment. */
function placeOf({ keptAs, channel }: Deposit): LedgerAccount {
  return keptAs === undefined ? channel : 'deposits';
}

function moved(
  { id, amount, subject }: Payment,
  step: string,
  debit: LedgerAccount,
  credit: LedgerAccount,
  micros: bigint,
  purpose: TransferPurpose,
  atMs: number,
): readonly PostedTransfer[] {
  if (micros === 0n) return [];
  return [
    {
      kind: 'posted',
      id: `payment/${id}${step}`,
      debit,
      credit,
      currency: amount.currency,
      micros,
      purpose,
      subject: subject === undefined ? `payment/${id}` : `${subject.kind}/${subject.id}`,
      atMs,
    },
  ];
}
