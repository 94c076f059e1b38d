import { z } from 'zod';
import { permit } from '../../../domain/members/index.ts';
import type { TrunkState } from '../../../services/ports/index.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { accepted } from '../problem.ts';
import { pageOf, problems, time, timeText } from '../responses.ts';

export const trunkStateShown = z
  .object({
    name: z.string(),
    channelsInUse: z.int(),
    gateways: z.array(
      z.object({
        gateway: z.string().describe('`192.0.2.7:5060/udp`'),
        state: z.enum(['up', 'down']),
        since: time,
        answeredAt: time.optional().describe('When it answered last.'),
        reason: z.string().optional().describe('Why it is down, or was last.'),
      }),
    ),
    registration: z.enum(['registered', 'trying', 'refused']).optional(),
    registeredUntil: time.optional(),
  })
  .meta({ id: 'TrunkState' });

/** Which trunks live, and what they carry, as the process finds that answers. */
export const trunkStateRoutes: Routes = (face, { trunkStates }) => {
  face.route({
    method: 'GET',
    url: '/v1/trunk-states',
    schema: {
      summary: 'Which gateways live, and how many calls each trunk carries (operator)',
      tags: ['network'],
      response: { 200: pageOf(trunkStateShown), ...problems(401, 403) },
    },
    handler: async ({ actor }) => {
      accepted(permit(actor, 'watch-exchange'));
      return { items: trunkStates.list().map(shownState) };
    },
  });
};

function shownState({
  name,
  channelsInUse,
  gateways,
  registration,
  registeredUntilMs,
}: TrunkState): z.infer<typeof trunkStateShown> {
  return definite({
    name,
    channelsInUse,
    registration,
    registeredUntil: registeredUntilMs === undefined ? undefined : timeText(registeredUntilMs),
    gateways: gateways.map(({ gateway, state, sinceMs, answeredAtMs, reason }) =>
      definite({
        gateway,
        state,
        reason,
        since: timeText(sinceMs),
        answeredAt: answeredAtMs === undefined ? undefined : timeText(answeredAtMs),
      }),
    ),
  });
}
