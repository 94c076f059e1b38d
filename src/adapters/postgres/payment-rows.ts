import type { Insertable, Selectable } from 'kysely';
import type { Bill } from '../../domain/billing/bills/index.ts';
import type { Currency } from '../../domain/billing/index.ts';
import type { Payment, PaymentSubject } from '../../domain/billing/payments/index.ts';
import type { PaymentTables } from './payment-tables.ts';

export type PaymentRow = Selectable<PaymentTables['payments']>;
export type BillRow = Selectable<PaymentTables['bills']>;

/** The column that says what money is for. */
export const SUBJECT_COLUMNS = { order: 'order_id', bill: 'bill_id', member: 'member_id' } as const;

export function paymentColumns(payment: Payment): Insertable<PaymentTables['payments']> {
  const idOf = (kind: PaymentSubject['kind']) => (payment.subject?.kind === kind ? payment.subject.id : null);
  return {
    id: payment.id,
    order_id: idOf('order'),
    bill_id: idOf('bill'),
    member_id: idOf('member'),
    notice_id: payment.noticeId,
    channel: payment.channel,
    currency: payment.amount.currency,
    amount_micros: payment.amount.micros,
    tax_micros: payment.taxMicros,
    disposition: payment.disposition,
    reason: payment.reason ?? null,
    payer: payment.payer ?? null,
    remark: payment.remark ?? null,
    recorded_at_ms: BigInt(payment.recordedAtMs),
    accepted_at_ms: bigintOf(payment.acceptedAtMs),
    refunded_at_ms: bigintOf(payment.refundedAtMs),
  };
}

export function paymentOf(row: PaymentRow): Payment {
  const subject = subjectOf(row);
  return {
    id: row.id,
    noticeId: row.notice_id,
    channel: row.channel,
    amount: { currency: row.currency as Currency, micros: row.amount_micros },
    ...(subject === undefined ? {} : { subject }),
    disposition: row.disposition,
    taxMicros: row.tax_micros,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.payer === null ? {} : { payer: row.payer }),
    ...(row.remark === null ? {} : { remark: row.remark }),
    recordedAtMs: Number(row.recorded_at_ms),
    ...(row.accepted_at_ms === null ? {} : { acceptedAtMs: Number(row.accepted_at_ms) }),
    ...(row.refunded_at_ms === null ? {} : { refundedAtMs: Number(row.refunded_at_ms) }),
  };
}

function subjectOf({ order_id, bill_id, member_id }: PaymentRow): PaymentSubject | undefined {
  if (order_id !== null) return { kind: 'order', id: order_id };
  if (bill_id !== null) return { kind: 'bill', id: bill_id };
  return member_id === null ? undefined : { kind: 'member', id: member_id };
}

export function billColumns(bill: Bill): Insertable<PaymentTables['bills']> {
  return {
    id: bill.id,
    member_id: bill.memberId,
    kind: bill.kind,
    order_id: bill.orderId ?? null,
    currency: bill.amount.currency,
    amount_micros: bill.amount.micros,
    description: bill.description,
    payment_reference: bill.paymentReference,
    state: bill.state,
    created_at_ms: BigInt(bill.createdAtMs),
    due_at_ms: BigInt(bill.dueAtMs),
    period_from_ms: bigintOf(bill.period?.fromMs),
    period_until_ms: bigintOf(bill.period?.untilMs),
    cut_line: bigintOf(bill.cutLine),
    expires_at_ms: bigintOf(bill.expiresAtMs),
    paid_at_ms: bigintOf('paidAtMs' in bill ? bill.paidAtMs : undefined),
    ended_at_ms: bigintOf('endedAtMs' in bill ? bill.endedAtMs : undefined),
  };
}

export function billOf(row: BillRow): Bill {
  // Which parts a state has was decided when it was stored.
  return {
    id: row.id,
    memberId: row.member_id,
    kind: row.kind,
    ...(row.order_id === null ? {} : { orderId: row.order_id }),
    amount: { currency: row.currency as Currency, micros: row.amount_micros },
    description: row.description,
    paymentReference: row.payment_reference,
    state: row.state,
    createdAtMs: Number(row.created_at_ms),
    dueAtMs: Number(row.due_at_ms),
    ...periodOf(row),
    ...(row.cut_line === null ? {} : { cutLine: Number(row.cut_line) }),
    ...(row.expires_at_ms === null ? {} : { expiresAtMs: Number(row.expires_at_ms) }),
    ...(row.paid_at_ms === null ? {} : { paidAtMs: Number(row.paid_at_ms) }),
    ...(row.ended_at_ms === null ? {} : { endedAtMs: Number(row.ended_at_ms) }),
  } as Bill;
}

function periodOf({ period_from_ms, period_until_ms }: BillRow): Pick<Bill, 'period'> {
  if (period_from_ms === null || period_until_ms === null) return {};
  return { period: { fromMs: Number(period_from_ms), untilMs: Number(period_until_ms) } };
}

function bigintOf(number: number | undefined): bigint | null {
  return number === undefined ? null : BigInt(number);
}
