import { Readable } from 'node:stream';
import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { exportTariff } from '../../../services/export-tariff.ts';
import { TariffImports } from '../../../services/tariff-imports.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { partName } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { problems } from '../responses.ts';
import { id } from '../shapes.ts';
import { importMode, shownImport, tariffImportShown } from '../tariff-shape.ts';

/** A million lines are some sixty megabytes. */
const LARGEST_DECK_BYTES = 96 * 1024 * 1024;

const params = z.object({ name: partName });

const flag = z.enum(['true', 'false']).default('false');

/** Decks: what a version is made of, in and out as CSV (R23). */
export const tariffDeckRoutes: Routes = (face, { services, tariffs }) => {
  const imports = new TariffImports(services, {
    pause: () => untilOthersHadTheirTurn(),
    untilInForce: () => tariffs.refresh(),
    onTrouble: (error) => face.log.error({ err: error }, 'an import of a tariff failed'),
  });
  face.addHook('onClose', () => imports.stop());
  face.route({
    method: 'GET',
    url: '/v1/tariffs/:name/imports/:id',
    schema: {
      summary: 'How far an import is, or what came of it (operator, R23)',
      tags: ['tariffs'],
      params: params.extend({ id }),
      response: { 200: tariffImportShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params: { name, id: asked } }) =>
      shownImport(accepted(await imports.find(actor, name, asked))),
  });
  face.route({
    method: 'GET',
    url: '/v1/tariffs/:name/deck',
    schema: {
      summary: 'A version as CSV, which can be imported again (operator, R23)',
      tags: ['tariffs'],
      params,
      querystring: z.object({
        version: z.coerce
          .number()
          .int()
          .min(1)
          .max(2_147_483_647)
          .optional()
          .describe('The one in force where absent.'),
      }),
      response: {
        200: { description: 'The deck.', content: { 'text/csv': { schema: z.string() } } },
        ...problems(401, 403, 404),
      },
    },
    handler: async ({ actor, params: { name }, query: { version: number } }, reply) => {
      const deck = accepted(await exportTariff(services, definite({ actor, name, number })));
      const fileName = `${name}-${deck.version.number}.csv`;
      // The text is sent here, piece by piece; for the framework's types the handler has returned it.
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .send(Readable.from(deck.text) as unknown as string);
    },
  });
  // Within a scope of its own, so that no other route takes CSV.
  face.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.addContentTypeParser(
      'text/csv',
      { parseAs: 'string', bodyLimit: LARGEST_DECK_BYTES },
      (_, text, done) => done(null, text),
    );
    scope.route({
      method: 'POST',
      url: '/v1/tariffs/:name/imports',
      bodyLimit: LARGEST_DECK_BYTES,
      schema: {
        summary: 'Begin to import a deck (operator, R23)',
        description:
          'CSV as `text/csv`, with a header in any order and with the words of carriers; docs/tariffs.md says which. ' +
          'The answer comes at once: ask for the import by its id to see how far it is.',
        tags: ['tariffs'],
        params,
        querystring: z.object({
          mode: importMode
            .default('replace')
            .describe('`amend`: the lines take the place of those of the same prefix, and the rest stays.'),
          dryRun: flag.describe('Reads and compares, and publishes nothing.'),
          skipFaulty: flag.describe('Publishes the good lines where others are wrong.'),
          effectiveFrom: line(40)
            .optional()
            .describe('A date in the tariff’s time zone, or a moment; else at once.'),
        }),
        consumes: ['text/csv'],
        body: z.string(),
        response: { 202: tariffImportShown, ...problems(401, 403, 404, 409, 422, 503) },
      },
      handler: async ({ actor, params: { name: tariff }, query, body: text }, reply) => {
        const { mode, dryRun, skipFaulty, effectiveFrom } = query;
        const wish = { mode, isDryRun: dryRun === 'true', skipsFaulty: skipFaulty === 'true', effectiveFrom };
        reply.code(202);
        return shownImport(accepted(await imports.start(definite({ actor, tariff, text, ...wish }))));
      },
    });
  });
};
