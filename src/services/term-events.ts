import { type Order, printNumberForSale } from '../domain/market/index.ts';
import type { Term, TermEffect } from '../domain/renewals/index.ts';
import type { WebhookEvent } from '../domain/webhooks/index.ts';
import { timeOf } from './time-text.ts';

/** What is told of the years of a number: another one is to be paid, was paid, or nobody paid it. */
export function termEvents(
  term: Term,
  order: Order,
  effects: readonly TermEffect[],
  nowMs: number,
): readonly WebhookEvent[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'tell') return [];
    return [
      {
        // Each revision is kept once.
        id: `number_${effect.event}_${term.orderId}_${term.revision}`,
        topic: 'orders' as const,
        type: `number.${effect.event}`,
        occurredAtMs: nowMs,
        memberId: term.memberId,
        isForOperators: true,
        data: {
          orderId: term.orderId,
          memberId: term.memberId,
          number: { kind: order.number.kind, text: printNumberForSale(order.number) },
          state: term.state,
          paidUntil: timeOf(term.paidUntilMs),
          ...('billId' in term ? { billId: term.billId } : {}),
          ...(term.state === 'grace' ? { graceUntil: timeOf(term.graceUntilMs) } : {}),
          ...(term.state === 'lapsed' ? { restsUntil: timeOf(term.quarantineUntilMs) } : {}),
        },
      },
    ];
  });
}
