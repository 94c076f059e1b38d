import type { PostedTransfer } from '../ledger/index.ts';
import type { Money } from '../money.ts';

/** What became of money that arrived. */
export const PAYMENT_DISPOSITIONS = ['accepted', 'unallocated', 'refund-due', 'refunded'] as const;
export type PaymentDisposition =
  /** It paid for what it was meant for, in the same moment. */
  | 'accepted'
  /** Nobody knows yet what it is for: an operator decides. */
  | 'unallocated'
  /** It came when there was nothing left to pay; it has to go back to who sent it. */
  | 'refund-due'
  /** It went back. */
  | 'refunded';

/** Which way money comes in and goes back, and the account of the ledger that it lies on. */
export const PAYMENT_CHANNELS = ['bank', 'card'] as const;
export type PaymentChannel = (typeof PAYMENT_CHANNELS)[number];

/** What money is for: a number order, a bill, or the credit of a member. */
export type PaymentSubject = { readonly kind: 'order' | 'bill' | 'member'; readonly id: string };

/** Money that arrived (R9). */
export type Payment = {
  /** A UUID, version 7. */
  readonly id: string;
  /** The bank's or the card processor's own reference: the same one twice is the same money. */
  readonly noticeId: string;
  readonly channel: PaymentChannel;
  readonly amount: Money;
  /** What it paid for, or was meant to; absent while nobody knows. */
  readonly subject?: PaymentSubject;
  readonly disposition: PaymentDisposition;
  /** The tax in it, where it paid for something that is taxed. */
  readonly taxMicros: bigint;
  /** Why it has to go back, or is not allocated. */
  readonly reason?: string;
  /** Who sent it, as the bank says. */
  readonly payer?: string;
  /** What was written on the transfer. */
  readonly remark?: string;
  readonly recordedAtMs: number;
  /** When it paid for something, even where that was undone later. */
  readonly acceptedAtMs?: number;
  readonly refundedAtMs?: number;
};

/** Money that arrived, before it is known what becomes of it. */
export type Deposit = Pick<Payment, 'id' | 'noticeId' | 'channel' | 'amount' | 'payer' | 'remark'> & {
  /** The payment as it is kept, where it was recorded before and lies among the deposits. */
  readonly keptAs?: Payment;
};

/** What a store does with money, together with what is paid for. */
export type MoneyEffect =
  | { readonly kind: 'record-payment'; readonly payment: Payment }
  | {
      readonly kind: 'update-payment';
      readonly payment: Payment;
      /** As what it is kept: where somebody else changed it, nothing of the whole is kept. */
      readonly from: PaymentDisposition;
    }
  /** Lines of the ledger (R24). */
  | { readonly kind: 'post'; readonly entries: readonly PostedTransfer[] };

/** Whether a payment lies among the deposits and was never used, so that it may still pay for something. */
export function isAllocatable({ disposition, acceptedAtMs }: Payment): boolean {
  return (disposition === 'unallocated' || disposition === 'refund-due') && acceptedAtMs === undefined;
}
