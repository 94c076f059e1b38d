import { z } from 'zod';
import { permit } from '../../../domain/members/index.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { accepted, refused } from '../problem.ts';
import { noContent, pageOf, problems, time, timeText } from '../responses.ts';

const kind = z
  .enum(['source', 'user'])
  .describe('`source`: wrong passwords from one network; `user`: for one user, from wherever.');

export const blockShown = z
  .object({
    kind,
    subject: z.string().describe('The network, `192.0.2.1` or `2001:db8::/64`, or the SIP user.'),
    since: time,
    until: time,
  })
  .meta({ id: 'Block' });

/** Who is not listened to for a while after too many wrong SIP passwords. */
export const blockRoutes: Routes = (face, { blocks }) => {
  face.route({
    method: 'GET',
    url: '/v1/blocks',
    schema: {
      summary: 'Networks and users that are blocked after wrong passwords (operator)',
      tags: ['calls'],
      response: { 200: pageOf(blockShown), ...problems(401, 403) },
    },
    handler: async ({ actor }) => {
      accepted(permit(actor, 'watch-exchange'));
      const items = blocks.list().map(({ sinceMs, untilMs, ...block }) => ({
        ...block,
        since: timeText(sinceMs),
        until: timeText(untilMs),
      }));
      return { items };
    },
  });
  face.route({
    method: 'DELETE',
    url: '/v1/blocks',
    schema: {
      summary: 'Lift a block before its time (operator)',
      tags: ['calls'],
      querystring: z.object({ kind, subject: line(300) }),
      response: { 204: noContent, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }, reply) => {
      accepted(permit(actor, 'lift-blocks'));
      if (!blocks.lift(query.kind, query.subject)) {
        throw refused('not-found', 'Nothing is held against this network or user.');
      }
      return reply.code(204).send();
    },
  });
};
