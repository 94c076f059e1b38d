import type { Bill } from '../domain/billing/bills/index.ts';
import type { Deposit, MoneyEffect, Payment } from '../domain/billing/payments/index.ts';
import type { Order } from '../domain/market/index.ts';
import type { Result } from '../domain/refusal/index.ts';
import { type BillChange, type BillPorts, changeBill } from './change-bill.ts';
import { changeOrder, type OrderChange } from './change-order.ts';
import type { ServicePorts } from './ports/index.ts';
import {
  type DocumentPorts,
  paymentOf,
  receiptOfBill,
  receiptOfOrder,
  sellerTimeZone,
} from './sale-documents.ts';

/** Money for an order or a bill, as both take it. */
export type Deposited = ReturnType<typeof depositedInput>;

export function depositedInput(ports: Pick<ServicePorts, 'settings'>, deposit: Deposit, nowMs: number) {
  const { taxation } = ports.settings;
  return { kind: 'deposited', deposit, taxation, timeZone: sellerTimeZone(ports), nowMs } as const;
}

/** Money for an order: what it pays is done with it, and so is the receipt. */
export function depositOnOrder(
  ports: DocumentPorts & Pick<ServicePorts, 'orders'>,
  read: () => Promise<Order | undefined>,
  input: Deposited,
): Promise<Result<OrderChange>> {
  return changeOrder(ports, read, input, async ({ order, effects }) => {
    const payment = acceptedIn(effects);
    return payment === undefined ? [] : receiptOfOrder(ports, order, payment);
  });
}

/** Money for a bill: what it pays is done with it, and so is the receipt. */
export function depositOnBill(
  ports: BillPorts & DocumentPorts,
  read: () => Promise<Bill | undefined>,
  input: Deposited,
): Promise<Result<BillChange>> {
  return changeBill(ports, read, input, async ({ bill, effects }) => {
    const payment = acceptedIn(effects);
    if (payment === undefined) return [];
    return receiptOfBill(ports, bill, paymentOf(payment, input.nowMs), payment.taxMicros);
  });
}

/** The payment that paid for something; undefined where the money did not. */
function acceptedIn(effects: readonly (MoneyEffect | { readonly kind: string })[]): Payment | undefined {
  for (const effect of effects) {
    if ('payment' in effect && effect.payment.disposition === 'accepted') return effect.payment;
  }
  return undefined;
}
