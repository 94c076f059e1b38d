import { type Money, printMoney, sameMoney } from '../domain/billing/index.ts';
import type { Order, Payment } from '../domain/market/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { changeOrder } from './change-order.ts';
import type { ServicePorts } from './ports/index.ts';
import { publishAssigned } from './publish-number.ts';

/** A deposit that the bank has noted (R9). */
export type ConfirmPayment = {
  readonly actor: Actor;
  /** As the buyer wrote it on the transfer. */
  readonly paymentReference: string;
  /** The bank's own reference of the transfer: recorded twice, it is the same money. */
  readonly noticeId: string;
  readonly amount: Money;
};

/**
 * What came of a deposit. `payment.disposition` tells: `accepted`, and the order is assigned, or `refund-due`,
 * where the order had ended or was paid before, and the money has to go back.
 */
export type PaymentOutcome = { readonly order: Order; readonly payment: Payment };

type PaymentPorts = Pick<ServicePorts, 'bus' | 'clock' | 'identifiers' | 'orders'>;

/**
 * Records a deposit and, in the same transaction, makes the number the buyer's (R9). The same notice again gets
 * the same answer.
 * @returns refused with `amount-mismatch` (nothing was recorded), `order-not-confirmed`, `payment-notice-reused`,
 *   `not-found` for an unknown reference, or as `permit` does
 */
export async function confirmPayment(
  ports: PaymentPorts,
  command: ConfirmPayment,
): Promise<Result<PaymentOutcome>> {
  const permitted = permit(command.actor, 'record-payment');
  if (!permitted.ok) return permitted;
  const reference = command.paymentReference.trim().toUpperCase();
  const known = await answerToKnownNotice(ports, reference, command);
  if (known !== undefined) return known;
  const id = ports.identifiers.next();
  const changed = await changeOrder(ports, () => ports.orders.findByPaymentReference(reference), {
    kind: 'deposited',
    deposit: { id, noticeId: command.noticeId, amount: command.amount },
    nowMs: ports.clock.nowMs(),
  });
  if (!changed.ok) return (await answerToKnownNotice(ports, reference, command)) ?? changed;
  const payment = changed.value.effects.find((effect) => effect.kind === 'record-payment')?.payment;
  if (payment === undefined) throw new Error(`The deposit ${command.noticeId} came to nothing.`);
  return tell(ports, changed.value.order, payment);
}

/** The answer that was given to a notice before; undefined where it is new. */
async function answerToKnownNotice(
  ports: PaymentPorts,
  reference: string,
  { noticeId, amount }: ConfirmPayment,
): Promise<Result<PaymentOutcome> | undefined> {
  const payment = await ports.orders.findPaymentByNotice(noticeId);
  if (payment === undefined) return undefined;
  const order = await ports.orders.find(payment.orderId);
  if (order === undefined) return notFound();
  const isSame =
    'paymentReference' in order && order.paymentReference === reference && sameMoney(payment.amount, amount);
  if (isSame) return tell(ports, order, payment);
  return refuse(
    'payment-notice-reused',
    `Notice ${noticeId} was recorded with ${printMoney(payment.amount)} for another order or amount.`,
    '/noticeId',
  );
}

/** The exchange is told again with each repetition: the first time may have died between commit and telling. */
function tell(ports: PaymentPorts, order: Order, payment: Payment): Result<PaymentOutcome> {
  if (order.state === 'assigned') publishAssigned(ports, order);
  return accept({ order, payment });
}
