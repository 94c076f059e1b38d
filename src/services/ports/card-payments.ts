import type { Money } from '../../domain/billing/index.ts';
import type { Result } from '../../domain/refusal/index.ts';

/** What a page of the card processor is to ask for. */
export type CardCheckout = {
  readonly amount: Money;
  /** What is bought, as the payer reads it. */
  readonly description: string;
  /** Comes back with every notice: by it the money finds its order or bill. */
  readonly paymentReference: string;
  /** Where the payer's browser is sent afterwards. */
  readonly returnUrls: { readonly paid: string; readonly cancelled: string };
};

/** What the card processor tells of. */
export type CardNotice =
  /** Money was taken for us. */
  | {
      readonly kind: 'paid';
      /** The processor's id of the payment: the same one twice is the same money. */
      readonly paymentId: string;
      readonly paymentReference?: string;
      readonly amount: Money;
      readonly payer?: string;
    }
  /** A way of paying that takes its time was begun, or came to nothing: no money has moved. */
  | { readonly kind: 'pending' | 'failed' }
  /** Money went back to the payer, by us or in the processor's own pages. */
  | {
      readonly kind: 'refunded';
      readonly paymentId: string;
      /** Where it has one of ours, the payment is one of ours. */
      readonly paymentReference?: string;
      /** All that went back of it so far. */
      readonly refunded: Money;
      readonly isWhole: boolean;
    }
  /** The payer's bank took the money back; or gave it to us again, since we were right. */
  | { readonly kind: 'disputed' | 'dispute-won'; readonly paymentId: string; readonly amount: Money }
  /** Something that is nothing to us. */
  | { readonly kind: 'other' };

/** The processor that takes cards. */
export type CardPayments = {
  /** A page to which the payer's browser is sent. */
  createCheckout(
    checkout: CardCheckout,
  ): Promise<
    Result<
      { readonly url: string; readonly sessionId: string },
      'amount-not-for-cards' | 'card-processor-unavailable'
    >
  >;
  /**
   * Reads a notice, and that it was sent by the processor just now.
   * @param body as it came, byte by byte
   */
  readNotice(body: string, signature: string): Promise<Result<CardNotice, 'card-notice-refused'>>;
  /** Sends money back. Repeated with the same key, or where it went back already, it has gone back once. */
  refund(
    paymentId: string,
    amount: Money,
    idempotencyKey: string,
  ): Promise<Result<'refunded', 'card-processor-unavailable'>>;
};
