import { z } from 'zod';
import { RENEWAL_MODES } from '../../../domain/renewals/index.ts';
import { findRenewal, listHeldNumbers, setRenewal } from '../../../services/set-renewal.ts';
import { memberAsked } from '../caller.ts';
import type { Routes } from '../face.ts';
import { heldNumber, shownHeldNumber } from '../held-number-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, problems } from '../responses.ts';
import { id, idParams } from '../shapes.ts';

/** The numbers a member holds, and how another year of them is paid (R24). */
export const renewalRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/numbers',
    schema: {
      summary: 'The numbers a member holds, and until when they are paid for',
      tags: ['numbers'],
      querystring: z.object({ memberId: id.optional().describe('Whose; your own where absent.') }),
      response: { 200: pageOf(heldNumber), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = memberAsked(actor, query.memberId);
      const held = accepted(await listHeldNumbers(services, { actor, memberId }));
      return { items: held.map(shownHeldNumber) };
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/number-orders/:id/renewal',
    schema: {
      summary: 'Until when the number of an order is paid for (R24)',
      tags: ['numbers'],
      params: idParams,
      response: { 200: heldNumber, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownHeldNumber(accepted(await findRenewal(services, { actor, orderId: params.id }))),
  });
  face.route({
    method: 'PUT',
    url: '/v1/number-orders/:id/renewal',
    schema: {
      summary: 'Say how another year of a number is paid (R24)',
      description:
        'From credit it is taken 30 days before the end; where there is too little, a bill is sent.',
      tags: ['numbers'],
      params: idParams,
      body: z.strictObject({ mode: z.enum(RENEWAL_MODES) }),
      response: { 200: heldNumber, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params, body }) =>
      shownHeldNumber(accepted(await setRenewal(services, { actor, orderId: params.id, ...body }))),
  });
};
