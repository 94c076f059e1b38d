import {
  acceptDeposit,
  isAllocatable,
  type Payment,
  type PaymentSubject,
  sendBack,
} from '../domain/billing/payments/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { depositedInput, depositOnBill, depositOnOrder } from './deposit-money.ts';
import { publishAssigned } from './publish-number.ts';
import { type PaymentOutcome, type PaymentPorts, subjectOf } from './receive-payment.ts';
import { refusalOfMoney } from './refusal-of-money.ts';
import { receiptOfCredit } from './sale-documents.ts';

export type AllocatePayment = {
  readonly actor: Actor;
  readonly paymentId: string;
  /** What the money is for; undefined: it has to go back. */
  readonly subject?: PaymentSubject;
  /** Why it has to go back. */
  readonly reason?: string;
};

type AllocationPorts = PaymentPorts & Parameters<typeof memberExists>[0];

/**
 * An operator says what money is for that nobody knew a purpose for, or that it goes back. An order or a bill takes
 * it only where it is what was asked for; a member's credit takes any amount. Asked again, it answers the same.
 * @returns refused with `payment-not-allocatable`, `payment-changed`, `amount-mismatch`, `order-closed`,
 *   `bill-closed`, `order-not-confirmed`, `reason-missing`, `not-found`, or as `permit` does
 */
export async function allocatePayment(
  ports: AllocationPorts,
  { actor, paymentId, subject, reason }: AllocatePayment,
): Promise<Result<PaymentOutcome>> {
  const permitted = permit(actor, 'record-payment');
  if (!permitted.ok) return permitted;
  const payment = await ports.payments.find(paymentId);
  if (payment === undefined) return notFound();
  if (isDoneBefore(payment, subject)) return told(ports, payment);
  if (!isAllocatable(payment)) return notAllocatable(payment);
  const done = await allocate(ports, payment, subject, reason);
  const stands = await ports.payments.find(paymentId);
  if (stands === undefined) return notFound();
  if (!done.ok) return isDoneBefore(stands, subject) ? told(ports, stands) : done;
  return told(ports, stands);
}

function isDoneBefore({ disposition, subject: kept }: Payment, subject: PaymentSubject | undefined): boolean {
  if (subject === undefined) return disposition === 'refund-due' || disposition === 'refunded';
  return disposition === 'accepted' && kept?.kind === subject.kind && kept.id === subject.id;
}

async function allocate(
  ports: AllocationPorts,
  payment: Payment,
  subject: PaymentSubject | undefined,
  reason: string | undefined,
): Promise<Result<unknown>> {
  const nowMs = ports.clock.nowMs();
  const { id, noticeId, channel, amount } = payment;
  const deposit = { id, noticeId, channel, amount, keptAs: payment };
  const input = depositedInput(ports, deposit, nowMs);
  switch (subject?.kind) {
    case undefined:
      if (reason === undefined) return refuse('reason-missing', 'Say why the money goes back.', '/reason');
      return refusalOfMoney(await ports.payments.keep(sendBack(payment, reason))) ?? accept(undefined);
    case 'order':
      return depositOnOrder(ports, () => ports.orders.find(subject.id), input);
    case 'bill':
      return depositOnBill(ports, () => ports.bills.find(subject.id), input);
    case 'member': {
      if (!(await memberExists(ports, subject.id))) return notFound();
      const use = { subject, purpose: 'top-up', memberId: subject.id } as const;
      const effects = acceptDeposit(deposit, use, nowMs);
      const accepted = { ...payment, subject, acceptedAtMs: nowMs };
      const documents = await receiptOfCredit(ports, subject.id, accepted);
      const write = await ports.payments.keep(effects, documents);
      return refusalOfMoney(write) ?? accept(undefined);
    }
  }
}

async function memberExists(
  { members }: { readonly members: { find(id: string): Promise<unknown> } },
  id: string,
): Promise<boolean> {
  return (await members.find(id)) !== undefined;
}

async function told(ports: PaymentPorts, payment: Payment): Promise<Result<PaymentOutcome>> {
  const outcome = { payment, ...(await subjectOf(ports, payment)) };
  if (outcome.order?.state === 'assigned') publishAssigned(ports, outcome.order);
  return accept(outcome);
}

function notAllocatable({ disposition }: Payment): Result<never> {
  return refuse(
    'payment-not-allocatable',
    disposition === 'accepted'
      ? 'This payment has paid for something; undo that first, and the money goes back.'
      : 'This payment was used before, or went back.',
  );
}
