import { type Payment, payOut } from '../domain/billing/payments/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { cardPaymentId } from './card-notice-id.ts';
import { type BillChange, changeBill } from './change-bill.ts';
import { changeOrder, type OrderChange } from './change-order.ts';
import type { ServicePorts } from './ports/index.ts';
import type { PaymentPorts } from './receive-payment.ts';
import { refusalOfMoney } from './refusal-of-money.ts';
import { creditNote } from './sale-documents.ts';

export type RecordRefund = { readonly actor: Actor; readonly paymentId: string };

type RefundPorts = PaymentPorts & Pick<ServicePorts, 'cards'>;

/**
 * Notes that money which had to go back went back; what came by card is sent back by it. Asked again, it answers the
 * same, and the money goes back once.
 * @returns refused with `payment-not-refundable` where it paid for something, `card-payments-off`, `card-processor-unavailable`,
 *   `not-found`, or as `permit` does
 */
export async function recordRefund(
  ports: RefundPorts,
  { actor, paymentId }: RecordRefund,
): Promise<Result<Payment>> {
  const permitted = permit(actor, 'record-payment');
  if (!permitted.ok) return permitted;
  const payment = await ports.payments.find(paymentId);
  if (payment === undefined) return notFound();
  if (payment.disposition === 'refunded') return accept(payment);
  if (payment.disposition !== 'refund-due') return notRefundable(payment);
  if (payment.channel === 'card') {
    if (ports.cards === undefined) return cardPaymentsOff();
    const key = `refund ${payment.id}`;
    const sent = await ports.cards.refund(cardPaymentId(payment.noticeId), payment.amount, key);
    if (!sent.ok) return sent;
  }
  return noteRefund(ports, payment);
}

/** Keeps that money is back with who sent it, together with what it was for. */
export async function noteRefund(
  ports: Omit<RefundPorts, 'cards'>,
  payment: Payment,
): Promise<Result<Payment>> {
  const kept = await keepRefund(ports, payment);
  const stands = await ports.payments.find(payment.id);
  // Where somebody else was faster, the money has gone back already, once.
  if (stands?.disposition === 'refunded') return accept(stands);
  return kept.ok ? notFound() : kept;
}

async function keepRefund(ports: Omit<RefundPorts, 'cards'>, payment: Payment): Promise<Result<unknown>> {
  const { subject } = payment;
  const nowMs = ports.clock.nowMs();
  const input = { kind: 'refund-paid', payment, nowMs } as const;
  if (subject?.kind === 'order') {
    const noteOf = ({ order }: OrderChange) => creditNote(ports, payment, { order }, nowMs);
    return changeOrder(ports, () => ports.orders.find(subject.id), input, noteOf);
  }
  if (subject?.kind === 'bill') {
    const noteOf = ({ bill }: BillChange) => creditNote(ports, payment, { bill }, nowMs);
    return changeBill(ports, () => ports.bills.find(subject.id), input, noteOf);
  }
  const note = await creditNote(ports, payment, {}, nowMs);
  return refusalOfMoney(await ports.payments.keep(payOut(payment, nowMs), note)) ?? accept(undefined);
}

function notRefundable({ disposition }: Payment): Result<never> {
  return refuse(
    'payment-not-refundable',
    disposition === 'unallocated'
      ? 'Nobody has said yet that this money goes back: do that first.'
      : 'This payment bought something; only unused money goes back. Undo what it paid for first.',
  );
}

/** The refusal of whatever needs the card processor where there is none. */
export function cardPaymentsOff(): Result<never, 'card-payments-off'> {
  return refuse('card-payments-off', 'Cards are not taken here: pay by bank transfer, with the reference.');
}
