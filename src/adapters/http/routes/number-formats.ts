import { z } from 'zod';
import { explainNumberFormat } from '../../../services/explain-number-format.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { partName } from '../network-shape.ts';
import { accepted, refused } from '../problem.ts';
import { problems } from '../responses.ts';

export const numberFormatExplanation = z
  .object({
    result: z.string().describe('What the number becomes.'),
    steps: z.array(z.object({ sentence: z.string(), result: z.string() })),
  })
  .meta({ id: 'NumberFormatExplanation' });

/** What becomes of numbers on the way to a trunk and from it (R14). */
export const numberFormatRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/number-format-explanations',
    schema: {
      summary: 'Try what a number becomes on a trunk, step by step (operator, R14)',
      description: 'With the format of a trunk, or with one that is set up nowhere yet.',
      tags: ['network'],
      body: z.strictObject({
        trunk: partName.optional().describe('The trunk whose format is tried.'),
        numbers: z
          .record(z.string(), z.unknown())
          .optional()
          .describe('A format, as `numbers` of a trunk in `examples/world.yaml`.'),
        direction: z.enum(['outbound', 'inbound']).default('outbound').describe('To the trunk, or from it.'),
        party: z.enum(['called', 'calling']).default('called'),
        number: line(64).describe('Outbound E.164: `+82262006200`; inbound as the trunk writes it.'),
      }),
      response: { 200: numberFormatExplanation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, body: { trunk, numbers, ...tried } }) => {
      if ((trunk === undefined) === (numbers === undefined)) {
        throw refused('request-invalid', 'Give the trunk whose format is tried, or numbers, a format.');
      }
      const format = trunk === undefined ? { numbers } : { trunk };
      const { result, steps } = accepted(await explainNumberFormat(services, { actor, format, ...tried }));
      return { result, steps: [...steps] };
    },
  });
};
