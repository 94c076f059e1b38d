import type { Money } from '../domain/billing/index.ts';
import type { AwaitingPaymentOrder } from '../domain/market/index.ts';
import type { Actor } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { changeOrder } from './change-order.ts';
import { findOrder } from './find-order.ts';
import { paymentReference } from './payment-reference.ts';
import type { DepositAccount, ServicePorts } from './ports/index.ts';

/** The buyer's confirmation (R8). */
export type BuyNumber = { readonly actor: Actor; readonly orderId: string };

/** What the buyer is asked to pay, and how. */
export type PaymentRequest = {
  /** To be written on the transfer, so that the money finds the order. */
  readonly reference: string;
  readonly amount: Money;
  /** When the number is free again unless the money has come. */
  readonly dueAtMs: number;
  readonly method: 'bank-deposit';
  /** Where to transfer it; absent where the provider has set no account for the currency. */
  readonly depositTo?: DepositAccount;
};

export type Purchase = { readonly order: AwaitingPaymentOrder; readonly paymentRequest: PaymentRequest };

/**
 * Confirms a purchase and asks for the payment (R8): the number stays held until the payment is due. Asked
 * again, it answers the same.
 * @returns refused with `order-expired`, `order-closed`, `not-found`, or as `permit` does
 */
export async function buyNumber(
  ports: Pick<ServicePorts, 'clock' | 'orders' | 'randomness' | 'settings'>,
  command: BuyNumber,
): Promise<Result<Purchase>> {
  const found = await findOrder(ports, command, 'buy-number');
  if (!found.ok) return found;
  const changed = await changeOrder(ports, () => ports.orders.find(command.orderId), {
    kind: 'confirmed',
    paymentReference: paymentReference(ports.randomness, 'OD'),
    nowMs: ports.clock.nowMs(),
  });
  if (!changed.ok) return changed;
  const { order } = changed.value;
  if (order.state === 'awaiting-payment') {
    return accept({ order, paymentRequest: paymentRequestOf(ports, order) });
  }
  if (order.state === 'expired') {
    return refuse('order-expired', 'The number was held for half an hour, which is over: ask for it again.');
  }
  return refuse('order-closed', `The order is ${order.state}; there is nothing to pay.`);
}

/** What a confirmed order asks to be paid. */
export function paymentRequestOf(
  { settings }: Pick<ServicePorts, 'settings'>,
  order: AwaitingPaymentOrder,
): PaymentRequest {
  const depositTo = settings.depositAccounts[order.price.currency];
  return {
    reference: order.paymentReference,
    amount: order.price,
    dueAtMs: order.heldUntilMs,
    method: 'bank-deposit',
    ...(depositTo === undefined ? {} : { depositTo }),
  };
}
