import type { Money } from '../billing/index.ts';

/** What became of money that arrived. */
export type PaymentDisposition =
  /** It paid for the number, which was assigned in the same moment. */
  | 'accepted'
  /** It came when there was nothing left to pay; it has to go back to who sent it. */
  | 'refund-due'
  /** It went back. */
  | 'refunded';

/** A deposit as the operator recorded it (R9). */
export type Payment = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly orderId: string;
  /** The bank's own reference of the transfer: the same one twice is the same money. */
  readonly noticeId: string;
  readonly amount: Money;
  readonly disposition: PaymentDisposition;
  /** Why it has to go back. */
  readonly reason?: string;
  readonly recordedAtMs: number;
  readonly refundedAtMs?: number;
};
