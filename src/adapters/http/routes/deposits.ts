import { z } from 'zod';
import { parseMoney } from '../../../domain/billing/index.ts';
import type { Payment } from '../../../domain/market/index.ts';
import { confirmPayment } from '../../../services/confirm-payment.ts';
import { listPayments } from '../../../services/list-payments.ts';
import { recordRefund } from '../../../services/record-refund.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { orderShown, shownOrder } from '../order-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage, time, timeText } from '../responses.ts';
import { id, idParams, money, moneyAsked, shownMoney, words } from '../shapes.ts';

const DISPOSITIONS = ['accepted', 'refund-due', 'refunded'] as const;

export const deposit = z
  .object({
    id: z.string(),
    orderId: z.string(),
    noticeId: z.string(),
    amount: money,
    disposition: z
      .enum(DISPOSITIONS)
      .describe('`refund-due`: nothing was left to pay, the money has to go back.'),
    reason: z.string().optional(),
    recordedAt: time,
    refundedAt: time.optional(),
  })
  .meta({ id: 'Deposit' });

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
      response: { 201: z.object({ deposit, order: orderShown }), ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const amount = accepted(parseMoney(body.amount.amount, body.amount.currency));
        const { payment, order } = accepted(await confirmPayment(services, { actor, ...body, amount }));
        return { deposit: shownDeposit(payment), order: shownOrder(services, order) };
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/deposits',
    schema: {
      summary: 'Deposits, newest first (operator)',
      tags: ['numbers'],
      querystring: pageQuery.extend({ orderId: id.optional(), disposition: z.enum(DISPOSITIONS).optional() }),
      response: { 200: pageOf(deposit), ...problems(401, 403) },
    },
    handler: async ({ actor, query }) =>
      shownPage(accepted(await listPayments(services, definite({ actor, ...query }))), shownDeposit),
  });
  face.route({
    method: 'POST',
    url: '/v1/deposits/:id/refund',
    schema: {
      summary: 'Note that money which had to go back went back (operator)',
      tags: ['numbers'],
      params: idParams,
      response: { 200: deposit, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }) =>
      shownDeposit(accepted(await recordRefund(services, { actor, paymentId: params.id }))),
  });
};

function shownDeposit(payment: Payment): z.infer<typeof deposit> {
  const { recordedAtMs, refundedAtMs, amount, ...rest } = payment;
  return definite({
    ...rest,
    amount: shownMoney(amount),
    recordedAt: timeText(recordedAtMs),
    refundedAt: refundedAtMs === undefined ? undefined : timeText(refundedAtMs),
  });
}
