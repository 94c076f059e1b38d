import { type Payment, undoPayment } from '../domain/billing/payments/index.ts';
import type { Order } from '../domain/market/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type BillPorts, changeBill } from './change-bill.ts';
import { changeOrder } from './change-order.ts';
import type { ServicePorts } from './ports/index.ts';
import { publishReleased } from './publish-number.ts';
import { refusalOfMoney } from './refusal-of-money.ts';

export type UndoPayment = {
  readonly actor: Actor;
  readonly paymentId: string;
  /** A sentence for the books. */
  readonly reason: string;
};

type UndoPorts = BillPorts & Pick<ServicePorts, 'clock' | 'payments'>;

/**
 * Undoes what a payment paid for, by reversing entries: a number goes out of service and rests, a bill is refunded,
 * credit is taken back. The money is `refund-due` from then on. Asked again, it answers the same.
 * @returns refused with `payment-not-refundable`, `credit-spent`, `payment-changed`, `not-found`, or as `permit` does
 */
export async function undoAcceptedPayment(
  ports: UndoPorts,
  { actor, paymentId, reason }: UndoPayment,
): Promise<Result<Payment>> {
  const permitted = permit(actor, 'record-payment');
  if (!permitted.ok) return permitted;
  const payment = await ports.payments.find(paymentId);
  if (payment === undefined) return notFound();
  if (payment.acceptedAtMs === undefined) {
    return refuse('payment-not-refundable', 'This payment has paid for nothing that could be undone.');
  }
  if (payment.disposition !== 'accepted') return accept(payment);
  const undone = await undo(ports, payment, reason);
  const stands = await ports.payments.find(paymentId);
  if (stands === undefined) return notFound();
  return undone.ok || stands.disposition !== 'accepted' ? accept(stands) : undone;
}

/** The exchange is told while nobody else can have bought the number: later, the news would be of theirs. */
async function tellReleased(ports: UndoPorts, order: Order): Promise<void> {
  const claim = await ports.orders.claim(order.number, ports.clock.nowMs());
  if (claim === undefined || claim.orderId === order.id) publishReleased(ports, order);
}

async function undo(ports: UndoPorts, payment: Payment, reason: string): Promise<Result<unknown>> {
  const { subject } = payment;
  const nowMs = ports.clock.nowMs();
  if (subject?.kind === 'order') {
    const input = { kind: 'sale-undone', payment, reason, nowMs } as const;
    const changed = await changeOrder(ports, () => ports.orders.find(subject.id), input);
    if (changed.ok) await tellReleased(ports, changed.value.order);
    return changed;
  }
  if (subject?.kind === 'bill') {
    const input = { kind: 'payment-undone', payment, reason, nowMs } as const;
    return changeBill(ports, () => ports.bills.find(subject.id), input);
  }
  return (
    refusalOfMoney(await ports.payments.keep(undoPayment(payment, reason, nowMs, subject?.id))) ??
    accept(undefined)
  );
}
