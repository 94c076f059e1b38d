import type { Money } from '../domain/billing/index.ts';
import { printNumberForSale } from '../domain/market/index.ts';
import type { Actor } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { findBill } from './find-bill.ts';
import { findOrder } from './find-order.ts';
import type { CardCheckout, ServicePorts } from './ports/index.ts';
import { cardPaymentsOff } from './record-refund.ts';

export type PayByCard = {
  readonly actor: Actor;
  readonly subject: { readonly kind: 'order' | 'bill'; readonly id: string };
  readonly returnUrls: CardCheckout['returnUrls'];
};

/**
 * A page of the card processor for an order that awaits its payment, or an open bill. Nothing is paid by it yet: the
 * processor's notice says when the money is there.
 * @returns refused with `card-payments-off`, `card-processor-unavailable`, `amount-not-for-cards`, `order-closed`,
 *   `order-not-confirmed`, `bill-closed`, `not-found`, or as `permit` does
 */
export async function payByCard(
  ports: Pick<ServicePorts, 'bills' | 'cards' | 'clock' | 'orders'>,
  { actor, subject, returnUrls }: PayByCard,
): Promise<Result<{ readonly url: string; readonly sessionId: string }>> {
  const asked =
    subject.kind === 'order'
      ? await askedOfOrder(ports, actor, subject.id)
      : await askedOfBill(ports, actor, subject.id);
  if (!asked.ok) return asked;
  if (ports.cards === undefined) return cardPaymentsOff();
  return ports.cards.createCheckout({ ...asked.value, returnUrls });
}

type Asked = { readonly amount: Money; readonly description: string; readonly paymentReference: string };

async function askedOfOrder(
  ports: Pick<ServicePorts, 'clock' | 'orders'>,
  actor: Actor,
  orderId: string,
): Promise<Result<Asked>> {
  const found = await findOrder(ports, { actor, orderId }, 'buy-number');
  if (!found.ok) return found;
  const order = found.value;
  if (order.state === 'approved') return refuse('order-not-confirmed', 'Confirm the order first.');
  if (order.state !== 'awaiting-payment' || order.heldUntilMs <= ports.clock.nowMs()) {
    return refuse('order-closed', 'The order awaits no payment any more.');
  }
  const { price: amount, paymentReference, number } = order;
  return accept({ amount, paymentReference, description: printNumberForSale(number) });
}

async function askedOfBill(
  ports: Pick<ServicePorts, 'bills' | 'clock'>,
  actor: Actor,
  billId: string,
): Promise<Result<Asked>> {
  const found = await findBill(ports, { actor, billId }, 'top-up');
  if (!found.ok) return found;
  const { state, expiresAtMs, amount, paymentReference, description } = found.value;
  if (state !== 'open' || (expiresAtMs !== undefined && expiresAtMs <= ports.clock.nowMs())) {
    return refuse('bill-closed', 'The bill awaits no payment any more.');
  }
  return accept({ amount, paymentReference, description });
}
