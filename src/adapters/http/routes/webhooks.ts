import { z } from 'zod';
import { memberIdOf } from '../../../domain/members/index.ts';
import { addWebhook } from '../../../services/add-webhook.ts';
import { changeWebhook } from '../../../services/change-webhook.ts';
import { findWebhook, listWebhooks } from '../../../services/find-webhook.ts';
import { listDeliveries } from '../../../services/list-deliveries.ts';
import { removeWebhook } from '../../../services/remove-webhook.ts';
import { replayDelivery, replayGivenUp } from '../../../services/replay-delivery.ts';
import { rotateWebhookSecret } from '../../../services/rotate-webhook-secret.ts';
import { sendTestEvent } from '../../../services/send-test-event.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { accepted } from '../problem.ts';
import { noContent, pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import { id, idParams, words } from '../shapes.ts';
import {
  deliveryShown,
  deliveryState,
  shownDelivery,
  shownWebhook,
  webhookShown,
  webhookState,
  webhookTopics,
  webhookWithSecret,
} from '../webhook-shape.ts';

const tags = ['webhooks'];

const url = line(2_000).describe('Where events are sent: an https: URL.');
const description = words(200).describe('For people who read the list.');

/** Where events are sent, and what became of each. */
export const webhookRoutes: Routes = (face, ports) => {
  seeWebhooks(face, ports);
  changeWebhooks(face, ports);
  seeDeliveries(face, ports);
  sendAgain(face, ports);
};

const seeWebhooks: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/webhooks',
    schema: {
      summary: 'Webhooks, newest first',
      tags,
      querystring: pageQuery.extend({
        memberId: id.optional().describe('Whose; operators see everybody’s without it.'),
      }),
      response: { 200: pageOf(webhookShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = query.memberId ?? memberIdOf(actor);
      return shownPage(
        accepted(await listWebhooks(services, definite({ ...query, actor, memberId }))),
        shownWebhook,
      );
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/webhooks/:id',
    schema: {
      summary: 'One webhook',
      tags,
      params: idParams,
      response: { 200: webhookShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownWebhook(accepted(await findWebhook(services, { actor, webhookId: params.id }))),
  });
};

const changeWebhooks: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/webhooks',
    schema: {
      summary: 'Have events sent to a URL',
      description:
        'Requests are signed as Standard Webhooks 1.0 says, and sent again until they are answered with 2xx. A member’s webhook hears of that member; an operator’s without memberId hears of everybody.',
      tags,
      headers: idempotencyHeaders,
      body: z.strictObject({
        url,
        topics: webhookTopics,
        description: description.optional(),
        memberId: id.optional().describe('Whose events; your own member’s where absent.'),
      }),
      response: { 201: webhookWithSecret, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'optional', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const memberId = body.memberId ?? memberIdOf(actor);
        const made = accepted(await addWebhook(services, definite({ ...body, actor, memberId })));
        return { webhook: shownWebhook(made.webhook), secret: made.secret };
      }),
  });
  face.route({
    method: 'PATCH',
    url: '/v1/webhooks/:id',
    schema: {
      summary: 'Change a webhook, or switch it off and on',
      description: 'What waits when it is switched off is given up; it may be replayed.',
      tags,
      params: idParams,
      body: z.strictObject({
        url: url.optional(),
        topics: webhookTopics.optional(),
        description: description.or(z.literal('')).optional(),
        state: webhookState.optional(),
      }),
      response: { 200: webhookShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) => {
      const command = definite({ ...body, actor, webhookId: params.id });
      return shownWebhook(accepted(await changeWebhook(services, command)));
    },
  });
  face.route({
    method: 'DELETE',
    url: '/v1/webhooks/:id',
    schema: {
      summary: 'Remove a webhook with the log of its deliveries',
      tags,
      params: idParams,
      response: { 204: noContent, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }, reply) => {
      accepted(await removeWebhook(services, { actor, webhookId: params.id }));
      return reply.code(204).send();
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/webhooks/:id/secret',
    schema: {
      summary: 'Make a new secret; the one before signs beside it for a day',
      tags,
      headers: idempotencyHeaders,
      params: idParams,
      response: { 200: webhookWithSecret, ...problems(401, 403, 404, 409) },
    },
    handler: (request, reply) =>
      once({ services, key: 'optional', status: 200 }, request, reply, async () => {
        const { actor, params } = request;
        const made = accepted(await rotateWebhookSecret(services, { actor, webhookId: params.id }));
        return { webhook: shownWebhook(made.webhook), secret: made.secret };
      }),
  });
};

const seeDeliveries: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/webhooks/:id/deliveries',
    schema: {
      summary: 'What was sent to a webhook and what came of it, newest first',
      description: 'What has ended is shown for 30 days.',
      tags,
      params: idParams,
      querystring: pageQuery.extend({ state: deliveryState.optional() }),
      response: { 200: pageOf(deliveryShown), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, params, query }) => {
      const command = definite({ ...query, actor, webhookId: params.id });
      return shownPage(accepted(await listDeliveries(services, command)), shownDelivery);
    },
  });
};

const sendAgain: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/webhooks/:id/test-events',
    schema: {
      summary: 'Send `webhook.test` to a webhook',
      tags,
      params: idParams,
      response: { 202: deliveryShown, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }, reply) => {
      const sent = accepted(await sendTestEvent(services, { actor, webhookId: params.id }));
      return reply.code(202).send(shownDelivery(sent));
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/webhooks/:id/deliveries/:eventId/replay',
    schema: {
      summary: 'Send an event again, whatever became of it',
      tags,
      params: idParams.extend({ eventId: id }),
      response: { 202: deliveryShown, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }, reply) => {
      const command = { actor, webhookId: params.id, eventId: params.eventId };
      return reply.code(202).send(shownDelivery(accepted(await replayDelivery(services, command))));
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/webhooks/:id/replay',
    schema: {
      summary: 'Send again what was given up since then, such as after an outage',
      tags,
      params: idParams,
      body: z.strictObject({ since: z.iso.datetime({ offset: true }).describe('RFC 3339.') }),
      response: {
        202: z.object({ events: z.int().describe('How many are sent again.') }),
        ...problems(401, 403, 404, 409, 422),
      },
    },
    handler: async ({ actor, params, body }, reply) => {
      const command = { actor, webhookId: params.id, sinceMs: Date.parse(body.since) };
      return reply.code(202).send({ events: accepted(await replayGivenUp(services, command)) });
    },
  });
};
