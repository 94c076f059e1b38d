import type { Bill } from '../domain/billing/bills/index.ts';
import { type Money, printMoney, sameMoney } from '../domain/billing/index.ts';
import {
  keepDeposit,
  type MoneyEffect,
  type Payment,
  type PaymentChannel,
} from '../domain/billing/payments/index.ts';
import type { Order } from '../domain/market/index.ts';
import { notFound } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type Deposited, depositedInput, depositOnBill, depositOnOrder } from './deposit-money.ts';
import type { ServicePorts } from './ports/index.ts';
import { publishAssigned } from './publish-number.ts';
import { refusalOfMoney } from './refusal-of-money.ts';

/** Money that a bank or the card processor says has arrived. */
export type PaymentNotice = {
  /** Recorded twice, it is the same money. */
  readonly noticeId: string;
  readonly channel: PaymentChannel;
  readonly amount: Money;
  /** As the payer wrote it; absent where none was found. */
  readonly paymentReference?: string;
  readonly payer?: string;
  readonly remark?: string;
};

/**
 * What came of money. `payment.disposition` tells: `accepted`, and the order is assigned or the bill paid;
 * `refund-due`, where nothing was left to pay; `unallocated`, where an operator has to say what it is for.
 */
export type PaymentOutcome = { readonly payment: Payment; readonly order?: Order; readonly bill?: Bill };

export type PaymentPorts = Pick<
  ServicePorts,
  | 'bills'
  | 'bus'
  | 'clock'
  | 'documents'
  | 'identifiers'
  | 'members'
  | 'orders'
  | 'payments'
  | 'renewals'
  | 'settings'
>;

/**
 * Records money and, in the same transaction, does what it pays for. The same notice again gets the same answer.
 * @param otherwise what becomes of money that nothing asks for as it is: somebody who types a notice is told to look
 *   again, and money that has really come is kept as unallocated
 * @returns refused with `payment-notice-reused` or `amount-malformed`; where it is to be refused, also with `amount-mismatch` or `not-found`
 */
export async function receivePayment(
  ports: PaymentPorts,
  notice: PaymentNotice,
  otherwise: 'refuse' | 'keep',
): Promise<Result<PaymentOutcome>> {
  if (notice.amount.micros <= 0n) {
    return refuse('amount-malformed', 'Money that comes in is more than nothing.', '/amount/amount');
  }
  const known = await answerToKnownNotice(ports, notice, otherwise);
  if (known !== undefined) return known;
  const { paymentReference: _, ...arrived } = notice;
  const nowMs = ports.clock.nowMs();
  const deposit = { ...arrived, id: ports.identifiers.next() };
  const input = depositedInput(ports, deposit, nowMs);
  const changed = await payWhatIsReferredTo(ports, notice.paymentReference, input);
  if (changed.ok) return changed;
  const meanwhile = await answerToKnownNotice(ports, notice, otherwise);
  if (meanwhile !== undefined) return meanwhile;
  if (otherwise === 'refuse' || !KEPT_APART.has(changed.refusal.code)) return changed;
  const reason = changed.refusal.code === 'not-found' ? NO_REFERENCE : reasonOf(changed.refusal.detail);
  const effects = keepDeposit(deposit, 'unallocated', reason, nowMs);
  const write = await ports.payments.keep(effects);
  if (write === 'kept') return accept({ payment: recordedBy(effects) });
  return (await answerToKnownNotice(ports, notice, otherwise)) ?? refusalOfMoney(write) ?? notFound();
}

const NO_REFERENCE = 'It names no order or bill that there is.';

/** Refusals that leave the money itself undisputed. */
const KEPT_APART: ReadonlySet<string> = new Set(['amount-mismatch', 'not-found', 'order-not-confirmed']);

/** The first sentence says what was asked for; the others speak to whoever types a notice. */
function reasonOf(detail: string): string {
  return `${detail.split('. ')[0]}.`;
}

async function payWhatIsReferredTo(
  ports: PaymentPorts,
  reference: string | undefined,
  input: Deposited,
): Promise<Result<PaymentOutcome>> {
  if (reference === undefined) return notFound();
  const text = reference.trim().toUpperCase();
  if ((await ports.orders.findByPaymentReference(text)) !== undefined) {
    const changed = await depositOnOrder(ports, () => ports.orders.findByPaymentReference(text), input);
    if (!changed.ok) return changed;
    const { order, effects } = changed.value;
    return tell(ports, { payment: recordedBy(effects), order });
  }
  const changed = await depositOnBill(ports, () => ports.bills.findByPaymentReference(text), input);
  if (!changed.ok) return changed;
  return accept({ payment: recordedBy(changed.value.effects), bill: changed.value.bill });
}

function recordedBy(effects: readonly (MoneyEffect | { readonly kind: string })[]): Payment {
  for (const effect of effects) {
    if ((effect.kind === 'record-payment' || effect.kind === 'update-payment') && 'payment' in effect) {
      return effect.payment;
    }
  }
  throw new Error('A deposit came to nothing.');
}

/** The answer that was given to a notice before; undefined where it is new. */
async function answerToKnownNotice(
  ports: PaymentPorts,
  { noticeId, amount, paymentReference }: PaymentNotice,
  otherwise: 'refuse' | 'keep',
): Promise<Result<PaymentOutcome> | undefined> {
  const payment = await ports.payments.findByNotice(noticeId);
  if (payment === undefined) return undefined;
  const outcome = { payment, ...(await subjectOf(ports, payment)) };
  const reference = (outcome.order ?? outcome.bill) as { readonly paymentReference?: string } | undefined;
  // What came without a purpose may have been given one since.
  const isSameReference =
    otherwise === 'keep' ||
    reference === undefined ||
    reference.paymentReference === paymentReference?.trim().toUpperCase();
  if (isSameReference && sameMoney(payment.amount, amount)) return tell(ports, outcome);
  return refuse(
    'payment-notice-reused',
    `Notice ${noticeId} was recorded with ${printMoney(payment.amount)} for another order or amount.`,
    '/noticeId',
  );
}

/** What a payment is for, as it stands. */
export async function subjectOf(
  ports: Pick<ServicePorts, 'bills' | 'orders'>,
  { subject }: Payment,
): Promise<{ readonly order?: Order; readonly bill?: Bill }> {
  if (subject?.kind === 'order') {
    const order = await ports.orders.find(subject.id);
    return order === undefined ? {} : { order };
  }
  if (subject?.kind !== 'bill') return {};
  const bill = await ports.bills.find(subject.id);
  return bill === undefined ? {} : { bill };
}

/** The exchange is told again with each repetition: the first time may have died between commit and telling. */
function tell(ports: Pick<ServicePorts, 'bus'>, outcome: PaymentOutcome): Result<PaymentOutcome> {
  if (outcome.order?.state === 'assigned') publishAssigned(ports, outcome.order);
  return accept(outcome);
}
