import { z } from 'zod';
import { BILL_STATES } from '../../../domain/billing/bills/index.ts';
import { parseMoney } from '../../../domain/billing/index.ts';
import { memberIdOf } from '../../../domain/members/index.ts';
import { cancelBill, findBill, listBills } from '../../../services/find-bill.ts';
import { topUp } from '../../../services/top-up.ts';
import { billShown, shownBill } from '../bill-shape.ts';
import { memberAsked } from '../caller.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import { id, idParams, moneyAsked } from '../shapes.ts';

/** What members are asked to pay besides number orders: top-ups, invoices, renewals. */
export const billRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/top-ups',
    schema: {
      summary: 'Ask for credit (R23)',
      description:
        'The answer says what to pay and with which reference; it is credit once the money is there.',
      tags: ['money'],
      headers: idempotencyHeaders,
      body: z.strictObject({
        amount: moneyAsked,
        memberId: id.optional().describe('Whose; your own member where absent.'),
      }),
      response: { 201: billShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const amount = accepted(parseMoney(body.amount.amount, body.amount.currency));
        const memberId = memberAsked(actor, body.memberId);
        return shownBill(services, accepted(await topUp(services, { actor, amount, memberId })));
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/bills',
    schema: {
      summary: 'Bills, newest first',
      tags: ['money'],
      querystring: pageQuery.extend({
        state: z.enum(BILL_STATES).optional(),
        memberId: id.optional().describe('Whose; operators see everybody’s without it.'),
      }),
      response: { 200: pageOf(billShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = query.memberId ?? memberIdOf(actor);
      const page = accepted(await listBills(services, definite({ ...query, actor, memberId })));
      return shownPage(page, (bill) => shownBill(services, bill));
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/bills/:id',
    schema: {
      summary: 'One bill',
      tags: ['money'],
      params: idParams,
      response: { 200: billShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownBill(services, accepted(await findBill(services, { actor, billId: params.id }))),
  });
  face.route({
    method: 'POST',
    url: '/v1/bills/:id/cancellation',
    schema: {
      summary: 'Give up a bill that was not paid: members their top-ups, operators any',
      tags: ['money'],
      params: idParams,
      response: { 200: billShown, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }) =>
      shownBill(services, accepted(await cancelBill(services, { actor, billId: params.id }))),
  });
};
