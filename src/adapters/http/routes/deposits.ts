import { z } from 'zod';
import { parseMoney } from '../../../domain/billing/index.ts';
import {
  PAYMENT_CHANNELS,
  PAYMENT_DISPOSITIONS,
  type Payment,
  type PaymentSubject,
} from '../../../domain/billing/payments/index.ts';
import { confirmPayment } from '../../../services/confirm-payment.ts';
import { listPayments } from '../../../services/list-payments.ts';
import type { ServicePorts } from '../../../services/ports/index.ts';
import type { PaymentOutcome } from '../../../services/receive-payment.ts';
import { recordRefund } from '../../../services/record-refund.ts';
import { receiptOf } from '../../../services/sale-documents.ts';
import { undoAcceptedPayment } from '../../../services/undo-payment.ts';
import { billShown, shownBill } from '../bill-shape.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { orderShown, shownOrder } from '../order-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage, time, timeText } from '../responses.ts';
import { id, idParams, money, moneyAsked, shownMoney, words } from '../shapes.ts';

export const deposit = z
  .object({
    id: z.string(),
    orderId: z.string().optional(),
    billId: z.string().optional(),
    memberId: z.string().optional().describe('Whose credit it became, where it paid for no order or bill.'),
    noticeId: z.string(),
    channel: z.enum(PAYMENT_CHANNELS),
    amount: money,
    tax: money.optional().describe('Within the amount, where it paid for something that is taxed.'),
    disposition: z
      .enum(PAYMENT_DISPOSITIONS)
      .describe(
        '`unallocated`: an operator has to say what it is for. `refund-due`: the money has to go back.',
      ),
    reason: z.string().optional(),
    payer: z.string().optional().describe('Who sent it, as the bank says.'),
    remark: z.string().optional().describe('What was written on the transfer.'),
    recordedAt: time,
    acceptedAt: time.optional(),
    refundedAt: time.optional(),
  })
  .meta({ id: 'Deposit' });

export const outcomeShown = z.object({
  deposit,
  order: orderShown.optional(),
  bill: billShown.optional(),
  receipt: z
    .object({ id: z.string(), number: z.string() })
    .optional()
    .describe('The receipt for what it paid: `/v1/documents/…` has it.'),
  noReceipt: z
    .literal('seller-unknown')
    .optional()
    .describe('It paid for something, and there is no receipt: nobody has said who sells.'),
});

/** Money that arrived at the bank, as the operator records it (R9). */
export const depositRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/deposits',
    schema: {
      summary: 'Record a deposit: the number becomes the buyer’s (operator, R9)',
      description: 'The same notice recorded again is the same money.',
      tags: ['numbers'],
      headers: idempotencyHeaders,
      body: z.strictObject({
        paymentReference: line(40).describe('As written on the transfer.'),
        noticeId: words(100).describe('The bank’s own reference of the transfer.'),
        amount: moneyAsked,
      }),
      response: {
        201: outcomeShown,
        ...problems(401, 403, 404, 409, 422),
      },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const amount = accepted(parseMoney(body.amount.amount, body.amount.currency));
        return shownOutcome(services, accepted(await confirmPayment(services, { actor, ...body, amount })));
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/deposits',
    schema: {
      summary: 'Deposits, newest first (operator)',
      tags: ['numbers'],
      querystring: pageQuery.extend({
        orderId: id.optional(),
        billId: id.optional(),
        disposition: z.enum(PAYMENT_DISPOSITIONS).optional(),
      }),
      response: { 200: pageOf(deposit), ...problems(401, 403) },
    },
    handler: async ({ actor, query: { orderId, billId, ...query } }) => {
      const subject = subjectAsked({ orderId, billId });
      return shownPage(
        accepted(await listPayments(services, definite({ actor, subject, ...query }))),
        shownDeposit,
      );
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/deposits/:id/reversal',
    schema: {
      summary: 'Undo what a deposit paid for: the money has to go back (operator, R24)',
      description:
        'A number goes out of service and rests, a bill is refunded, credit is taken back unless it was spent.',
      tags: ['numbers'],
      params: idParams,
      body: z.strictObject({ reason: words(200).describe('For the books.') }),
      response: { 200: deposit, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) =>
      shownDeposit(
        accepted(await undoAcceptedPayment(services, { actor, paymentId: params.id, reason: body.reason })),
      ),
  });
  face.route({
    method: 'POST',
    url: '/v1/deposits/:id/refund',
    schema: {
      summary: 'Note that money which had to go back went back (operator)',
      tags: ['numbers'],
      params: idParams,
      response: { 200: deposit, ...problems(401, 403, 404, 409, 503) },
    },
    handler: async ({ actor, params }) =>
      shownDeposit(accepted(await recordRefund(services, { actor, paymentId: params.id }))),
  });
};

/** What money is for, of the ids that a request may give; the first one counts. */
export function subjectAsked(asked: {
  readonly orderId?: string | undefined;
  readonly billId?: string | undefined;
  readonly memberId?: string | undefined;
}): PaymentSubject | undefined {
  if (asked.orderId !== undefined) return { kind: 'order', id: asked.orderId };
  if (asked.billId !== undefined) return { kind: 'bill', id: asked.billId };
  return asked.memberId === undefined ? undefined : { kind: 'member', id: asked.memberId };
}

/** A payment with what it paid for, as it stands now, and the receipt. */
export async function shownOutcome(
  services: Pick<ServicePorts, 'documents' | 'settings'>,
  outcome: PaymentOutcome,
) {
  const { payment, order, bill } = outcome;
  const receipt = payment.disposition === 'accepted' ? await receiptOf(services, payment) : undefined;
  const isSellerUnknown = payment.disposition === 'accepted' && services.settings.seller === undefined;
  return definite({
    deposit: shownDeposit(payment),
    order: order && shownOrder(services, order),
    bill: bill && shownBill(services, bill),
    receipt: receipt && { id: receipt.id, number: receipt.number },
    noReceipt: receipt === undefined && isSellerUnknown ? ('seller-unknown' as const) : undefined,
  });
}

export function shownDeposit(payment: Payment): z.infer<typeof deposit> {
  const { recordedAtMs, acceptedAtMs, refundedAtMs, amount, subject, taxMicros, ...rest } = payment;
  const idOf = (kind: PaymentSubject['kind']) => (subject?.kind === kind ? subject.id : undefined);
  return definite({
    ...rest,
    orderId: idOf('order'),
    billId: idOf('bill'),
    memberId: idOf('member'),
    amount: shownMoney(amount),
    tax: taxMicros === 0n ? undefined : shownMoney({ ...amount, micros: taxMicros }),
    recordedAt: timeText(recordedAtMs),
    acceptedAt: acceptedAtMs === undefined ? undefined : timeText(acceptedAtMs),
    refundedAt: refundedAtMs === undefined ? undefined : timeText(refundedAtMs),
  });
}
