import { z } from 'zod';
import { accept } from '../../../domain/refusal/index.ts';
import { type NetworkView, setUpNetwork, viewNetwork } from '../../../services/set-up-network.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { acceptedAt, configuration, configurationChange, revisionText } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { problems } from '../responses.ts';

/** A world of thousands of trunks is some megabytes. */
const LARGEST_WORLD_BYTES = 4 * 1024 * 1024;

/** Everything that is set up of the network, seen and replaced whole (R1). */
export const configurationRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/configuration',
    schema: {
      summary: 'Centres, trunks and operators as they are set up (operator, R1)',
      tags: ['network'],
      response: { 200: configuration, ...problems(401, 403) },
    },
    handler: async ({ actor }) => shownView(accepted(await viewNetwork(services, actor))),
  });
  face.route({
    method: 'POST',
    url: '/v1/configuration',
    bodyLimit: LARGEST_WORLD_BYTES,
    schema: {
      summary: 'Set up all centres, trunks and operators, or see what would be different (operator, R1)',
      description:
        'What is not in the world is removed. Passwords that are not given again stay as they are.',
      tags: ['network'],
      body: z.strictObject({
        world: z.unknown().describe('In the form of `examples/world.yaml`.'),
        revision: revisionText.optional().describe('The one that was looked at: refused where it is gone.'),
        dryRun: z.boolean().default(false),
      }),
      response: { 200: configurationChange, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ actor, body }) => {
      const made = await setUpNetwork(
        services,
        definite({
          actor,
          edit: () => accept(body.world),
          revision: body.revision === undefined ? undefined : BigInt(body.revision),
          isDryRun: body.dryRun,
        }),
      );
      const value = acceptedAt(made, (fault) => ({ ...fault, pointer: `/world${fault.pointer}` }));
      return { ...shownView(value), differences: [...value.differences] };
    },
  });
};

function shownView({ revision, world }: NetworkView): z.infer<typeof configuration> {
  const { centres, trunks, operators } = world;
  return { revision: String(revision), world: { centres, trunks, operators } };
}
