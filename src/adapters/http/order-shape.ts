import { z } from 'zod';
import { ORDER_STATES, type Order } from '../../domain/market/index.ts';
import { paymentRequestOf } from '../../services/buy-number.ts';
import type { ServicePorts } from '../../services/ports/index.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { money, serviceNumber, shownMoney, shownNumber } from './shapes.ts';

const paymentRequest = z.object({
  reference: z.string().describe('Write this on the transfer: by it the money finds the order.'),
  amount: money,
  dueAt: time,
  method: z.string(),
  depositTo: z
    .object({ bank: z.string(), account: z.string(), holder: z.string() })
    .optional()
    .describe('Where to transfer it; ask the operator where absent.'),
});

/** An order as the API shows it; which times it has depends on its state. */
export const orderShown = z
  .object({
    id: z.string(),
    memberId: z.string(),
    number: serviceNumber,
    state: z.enum(ORDER_STATES),
    price: money,
    quotedAt: time,
    heldUntil: time.optional().describe('The number is held until then.'),
    confirmedAt: time.optional(),
    paidAt: time.optional(),
    releasedAt: time.optional(),
    endedAt: time.optional(),
    paymentRequest: paymentRequest.optional().describe('What to pay, while the order awaits it.'),
  })
  .meta({ id: 'NumberOrder' });

const TIMES = {
  heldUntil: 'heldUntilMs',
  confirmedAt: 'confirmedAtMs',
  paidAt: 'paidAtMs',
  releasedAt: 'releasedAtMs',
  endedAt: 'endedAtMs',
} as const;

export function shownOrder(
  services: Pick<ServicePorts, 'settings'>,
  order: Order,
): z.infer<typeof orderShown> {
  const kept: Readonly<Record<string, unknown>> = order;
  const times = Object.entries(TIMES).flatMap(([name, field]) => {
    const atMs = kept[field];
    return typeof atMs === 'number' ? [[name, timeText(atMs)] as const] : [];
  });
  return definite({
    id: order.id,
    memberId: order.memberId,
    number: shownNumber(order.number),
    state: order.state,
    price: shownMoney(order.price),
    quotedAt: timeText(order.quotedAtMs),
    ...Object.fromEntries(times),
    paymentRequest: order.state === 'awaiting-payment' ? shownPaymentRequest(services, order) : undefined,
  });
}

function shownPaymentRequest(
  services: Pick<ServicePorts, 'settings'>,
  order: Parameters<typeof paymentRequestOf>[1],
): z.infer<typeof paymentRequest> {
  const { amount, dueAtMs, depositTo, ...request } = paymentRequestOf(services, order);
  return definite({
    ...request,
    amount: shownMoney(amount),
    dueAt: timeText(dueAtMs),
    depositTo: depositTo && { ...depositTo },
  });
}
