import { z } from 'zod';
import { endFollowMe, findFollowMe, setFollowMe } from '../../../services/set-follow-me.ts';
import { followMeShown, shownFollowMe } from '../alias-shape.ts';
import type { Routes } from '../face.ts';
import { accepted, refused } from '../problem.ts';
import { noContent, problems } from '../responses.ts';
import { idParams, words } from '../shapes.ts';

const url = '/v1/members/:id/follow-me';
const tags = ['members'];

/** Whether and when a member's own PSTN telephone rings for calls to the member (R18). */
export const followMeRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url,
    schema: {
      summary: 'The telephone that rings for the member',
      tags,
      params: idParams,
      response: { 200: followMeShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const found = accepted(await findFollowMe(services, { actor, memberId: params.id }));
      if (found === undefined) throw refused('not-found', 'No telephone rings for the member.');
      return shownFollowMe(found);
    },
  });
  face.route({
    method: 'PUT',
    url,
    schema: {
      summary: 'Have a proven telephone ring, with or after the other terminals (R18)',
      tags,
      params: idParams,
      body: z.strictObject({
        number: words(40).describe('One of the member’s proven telephones, E.164.'),
        mode: z.enum(['with', 'after']),
        afterMs: z
          .int()
          .min(5_000)
          .max(60_000)
          .optional()
          .describe('How long the others ring alone; 20000 where absent.'),
      }),
      response: { 200: followMeShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) =>
      shownFollowMe(accepted(await setFollowMe(services, { ...body, actor, memberId: params.id }))),
  });
  face.route({
    method: 'DELETE',
    url,
    schema: {
      summary: 'Let the telephone ring no more',
      tags,
      params: idParams,
      response: { 204: noContent, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }, reply) => {
      accepted(await endFollowMe(services, { actor, memberId: params.id }));
      return reply.code(204).send();
    },
  });
};
