import { printAmount } from '../domain/billing/index.ts';
import { type Order, printNumberForSale } from '../domain/market/index.ts';
import type { WebhookEvent } from '../domain/webhooks/index.ts';
import { timeOf } from './time-text.ts';

/**
 * What is told of a purchase: that its number is the buyer's now, that its time is over, or that its money goes back.
 * @param before the order as it was; undefined of a new one
 */
export function orderEvents(before: Order | undefined, after: Order): readonly WebhookEvent[] {
  if (before?.state === after.state) return [];
  const occurredAtMs = whenToldOf(after);
  if (occurredAtMs === undefined) return [];
  return [
    {
      id: `order_${after.state}_${after.id}`,
      topic: 'orders',
      type: `order.${after.state}`,
      occurredAtMs,
      memberId: after.memberId,
      isForOperators: true,
      data: {
        id: after.id,
        memberId: after.memberId,
        state: after.state,
        number: { kind: after.number.kind, text: printNumberForSale(after.number) },
        price: { amount: printAmount(after.price), currency: after.price.currency },
        quotedAt: timeOf(after.quotedAtMs),
      },
    },
  ];
}

/** When the order came into its state; undefined where nothing is told of that. */
function whenToldOf(order: Order): number | undefined {
  switch (order.state) {
    case 'assigned':
      return order.paidAtMs;
    case 'expired':
    case 'refunded':
      return order.endedAtMs;
    case 'approved':
    case 'awaiting-payment':
    case 'cancelled':
    case 'paid':
    case 'released':
      return undefined;
  }
}
