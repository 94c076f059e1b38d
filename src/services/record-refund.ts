import type { Payment } from '../domain/market/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { changeOrder } from './change-order.ts';
import type { ServicePorts } from './ports/index.ts';

export type RecordRefund = { readonly actor: Actor; readonly paymentId: string };

/**
 * Notes that money which had to go back went back. Asked again, it answers the same.
 * @returns refused with `payment-not-refundable` where it paid for a number, `not-found`, or as `permit` does
 */
export async function recordRefund(
  ports: Pick<ServicePorts, 'clock' | 'orders'>,
  { actor, paymentId }: RecordRefund,
): Promise<Result<Payment>> {
  const permitted = permit(actor, 'record-payment');
  if (!permitted.ok) return permitted;
  const payment = await ports.orders.findPayment(paymentId);
  if (payment === undefined) return notFound();
  if (payment.disposition === 'refunded') return accept(payment);
  if (payment.disposition === 'accepted') {
    return refuse('payment-not-refundable', 'This payment bought the number; only unused money goes back.');
  }
  const changed = await changeOrder(ports, () => ports.orders.find(payment.orderId), {
    kind: 'refund-paid',
    payment,
    nowMs: ports.clock.nowMs(),
  });
  if (!changed.ok) return changed;
  const kept = await ports.orders.findPayment(paymentId);
  return kept === undefined ? notFound() : accept(kept);
}
