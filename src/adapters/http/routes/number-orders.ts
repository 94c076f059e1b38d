import { z } from 'zod';
import { ORDER_STATES } from '../../../domain/market/index.ts';
import { memberIdOf } from '../../../domain/members/index.ts';
import { buyNumber } from '../../../services/buy-number.ts';
import { cancelOrder } from '../../../services/cancel-order.ts';
import { findOrder, listOrders } from '../../../services/find-order.ts';
import { quoteNumber } from '../../../services/quote-number.ts';
import { releaseNumber } from '../../../services/release-number.ts';
import { memberAsked } from '../caller.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { orderShown, shownOrder } from '../order-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import { id, idParams } from '../shapes.ts';

/** The purchase of a number, step by step (R6 … R8), and giving it back. */
export const numberOrderRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/number-orders',
    schema: {
      summary: 'Ask for a number (R6, R7)',
      description: 'Approved: the order has a price, and the number is held. Otherwise the refusal says why.',
      tags: ['numbers'],
      headers: idempotencyHeaders,
      body: z.strictObject({
        number: line(64).describe('`02-6200-6200-082` or `6200-6200`.'),
        memberId: id.optional().describe('Who is to have it; your own member where absent.'),
      }),
      response: { 201: orderShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const memberId = memberAsked(actor, body.memberId);
        return shownOrder(services, accepted(await quoteNumber(services, { ...body, actor, memberId })));
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/number-orders',
    schema: {
      summary: 'Orders, newest first',
      tags: ['numbers'],
      querystring: pageQuery.extend({
        state: z.enum(ORDER_STATES).optional(),
        memberId: id.optional().describe('Whose; operators see everybody’s without it.'),
      }),
      response: { 200: pageOf(orderShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = query.memberId ?? memberIdOf(actor);
      const page = accepted(await listOrders(services, definite({ ...query, actor, memberId })));
      return shownPage(page, (order) => shownOrder(services, order));
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/number-orders/:id',
    schema: {
      summary: 'One order',
      tags: ['numbers'],
      params: idParams,
      response: { 200: orderShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownOrder(services, accepted(await findOrder(services, { actor, orderId: params.id }))),
  });
  face.route({
    method: 'POST',
    url: '/v1/number-orders/:id/confirmation',
    schema: {
      summary: 'Buy the number of an approved order (R8)',
      description:
        'The answer asks for the payment: transfer the amount with the reference before it is due.',
      tags: ['numbers'],
      headers: idempotencyHeaders,
      params: idParams,
      response: { 200: orderShown, ...problems(401, 403, 404, 409) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 200 }, request, reply, async () => {
        const { actor, params } = request;
        return shownOrder(services, accepted(await buyNumber(services, { actor, orderId: params.id })).order);
      }),
  });
  face.route({
    method: 'POST',
    url: '/v1/number-orders/:id/cancellation',
    schema: {
      summary: 'Give up a purchase that was not paid',
      tags: ['numbers'],
      params: idParams,
      response: { 200: orderShown, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }) =>
      shownOrder(services, accepted(await cancelOrder(services, { actor, orderId: params.id }))),
  });
  face.route({
    method: 'POST',
    url: '/v1/number-orders/:id/release',
    schema: {
      summary: 'Give a number back',
      description: 'It cannot be taken back: calls end at once, and after a while others may buy the number.',
      tags: ['numbers'],
      params: idParams,
      body: z.strictObject({
        confirmation: line(64).describe('The number itself, so that nobody does it by mistake.'),
      }),
      response: { 200: orderShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) =>
      shownOrder(services, accepted(await releaseNumber(services, { actor, orderId: params.id, ...body }))),
  });
};
