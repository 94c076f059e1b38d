import { BILL_REFERENCES, type OpenBill } from '../domain/billing/bills/index.ts';
import { paymentReference } from './payment-reference.ts';
import type { ServicePorts } from './ports/index.ts';

/** What a member is to be asked for, and until when. */
export type WantedBill = Pick<
  OpenBill,
  | 'memberId'
  | 'kind'
  | 'amount'
  | 'description'
  | 'orderId'
  | 'period'
  | 'cutLine'
  | 'dueAtMs'
  | 'expiresAtMs'
>;

/** Makes a bill: from now on money with its reference pays it. Whoever calls has checked who may. */
export async function askForPayment(
  ports: Pick<ServicePorts, 'bills' | 'clock' | 'identifiers' | 'randomness'>,
  wanted: WantedBill,
): Promise<OpenBill> {
  const bill = billOf(ports, wanted);
  await ports.bills.keep(undefined, bill, []);
  return bill;
}

/** A new bill that is not kept yet. */
export function billOf(
  ports: Pick<ServicePorts, 'clock' | 'identifiers' | 'randomness'>,
  wanted: WantedBill,
): OpenBill {
  return {
    ...wanted,
    id: ports.identifiers.next(),
    paymentReference: paymentReference(ports.randomness, BILL_REFERENCES[wanted.kind]),
    createdAtMs: ports.clock.nowMs(),
    state: 'open',
  };
}
