import type { Money } from '../domain/billing/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import type { Result } from '../domain/refusal/index.ts';
import { type PaymentOutcome, type PaymentPorts, receivePayment } from './receive-payment.ts';

/** A deposit that the bank has noted, as an operator types it (R9). */
export type ConfirmPayment = {
  readonly actor: Actor;
  /** As the buyer wrote it on the transfer. */
  readonly paymentReference: string;
  /** The bank's own reference of the transfer: recorded twice, it is the same money. */
  readonly noticeId: string;
  readonly amount: Money;
};

/**
 * Records a deposit and, in the same transaction, makes the number the buyer's (R9) or pays the bill. The same notice
 * again gets the same answer.
 * @returns refused with `amount-mismatch` (nothing was recorded), `order-not-confirmed`, `payment-notice-reused`,
 *   `not-found` for an unknown reference, or as `permit` does
 */
export async function confirmPayment(
  ports: PaymentPorts,
  { actor, ...notice }: ConfirmPayment,
): Promise<Result<PaymentOutcome>> {
  const permitted = permit(actor, 'record-payment');
  return permitted.ok ? receivePayment(ports, { ...notice, channel: 'bank' }, 'refuse') : permitted;
}
