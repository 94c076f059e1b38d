import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { payByCard } from '../../../services/pay-by-card.ts';
import { receiveCardNotice } from '../../../services/receive-card-notice.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { accepted, refused } from '../problem.ts';
import { problems } from '../responses.ts';
import { id } from '../shapes.ts';

/** Notices have the whole payment in them. */
const LARGEST_NOTICE_BYTES = 512 * 1024;

/** How Stripe signs (https://docs.stripe.com/webhooks/signature). */
const SIGNATURE_HEADER = 'stripe-signature';

const returnUrl = z.url({ protocol: /^https?$/ }).max(2_000);

const checkout = z.union([
  z.strictObject({ orderId: id, paidUrl: returnUrl, cancelledUrl: returnUrl }),
  z.strictObject({ billId: id, paidUrl: returnUrl, cancelledUrl: returnUrl }),
]);

/** Payments by card (R8, R9). */
export const cardRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/card-checkouts',
    schema: {
      summary: 'Pay an order or a bill by card: a page to send the payer to (R8)',
      description:
        'Nothing is paid by asking: the order or bill is once the processor says that the money is there. Off where ' +
        'the service has no keys of a card processor: then the answer is 503 with `card-payments-off`.',
      tags: ['money'],
      headers: idempotencyHeaders,
      body: checkout.describe('`paidUrl` and `cancelledUrl`: where the payer’s browser goes afterwards.'),
      response: {
        201: z.object({ url: z.string(), sessionId: z.string() }),
        ...problems(401, 403, 404, 409, 422, 503),
      },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const subject =
          'orderId' in body
            ? ({ kind: 'order', id: body.orderId } as const)
            : ({ kind: 'bill', id: body.billId } as const);
        const returnUrls = { paid: body.paidUrl, cancelled: body.cancelledUrl };
        return { ...accepted(await payByCard(services, { actor, subject, returnUrls })) };
      }),
  });
  // Within a scope of its own: what is signed are the bytes, so that nobody may read them as JSON before.
  face.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: LARGEST_NOTICE_BYTES },
      (_, text, done) => done(null, text),
    );
    scope.route({
      method: 'POST',
      url: '/v1/card-notices',
      bodyLimit: LARGEST_NOTICE_BYTES,
      config: { openToVisitors: true },
      schema: {
        summary: 'What the card processor tells of, signed by it',
        description:
          'Events of Stripe. Each is done once, however often it comes; those that are nothing to us are taken.',
        tags: ['money'],
        security: [],
        body: z.string().describe('The event as it was sent.'),
        response: { 200: z.object({ outcome: z.string() }), ...problems(404, 409, 503) },
      },
      handler: async ({ body, headers, log }) => {
        const signature = headers[SIGNATURE_HEADER];
        if (typeof signature !== 'string') {
          throw refused(
            'card-notice-refused',
            `It is not signed: the header ${SIGNATURE_HEADER} is missing.`,
          );
        }
        const outcome = accepted(await receiveCardNotice(services, { body, signature }));
        if (outcome === 'disputed' || outcome === 'partly-refunded') {
          log.warn({ outcome }, 'money that came by card went back: look at `omnidial deposits list`');
        }
        return { outcome };
      },
    });
  });
};
