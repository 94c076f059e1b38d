import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { printAmount } from '../../../domain/billing/index.ts';
import type { CarrierRoute } from '../../../domain/centres/index.ts';
import { importRoutes, listRoutes } from '../../../services/import-routes.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { partName, routeShown } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';

/** A million lines are some thirty megabytes. */
const LARGEST_LIST_BYTES = 64 * 1024 * 1024;

const params = z.object({ name: partName });

/** What carriers take calls for, and what it costs (R14). */
export const carrierRouteRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/trunks/:name/routes',
    schema: {
      summary: 'The routes of a trunk, by prefix (operator)',
      tags: ['network'],
      params,
      querystring: pageQuery,
      response: { 200: pageOf(routeShown), ...problems(401, 403) },
    },
    handler: async ({ actor, params: { name: trunk }, query }) =>
      shownPage(accepted(await listRoutes(services, definite({ actor, trunk, ...query }))), shownRoute),
  });
  // Within a scope of its own, so that no other route takes CSV.
  face.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.addContentTypeParser(
      'text/csv',
      { parseAs: 'string', bodyLimit: LARGEST_LIST_BYTES },
      (_, text, done) => done(null, text),
    );
    scope.route({
      method: 'PUT',
      url: '/v1/trunks/:name/routes',
      bodyLimit: LARGEST_LIST_BYTES,
      schema: {
        summary: 'Put a list of routes in the place of all routes of a trunk (operator, R14)',
        description:
          'CSV as `text/csv`: `prefix,cost_per_minute,currency,priority,weight`. One wrong line refuses the whole list.',
        tags: ['network'],
        params,
        consumes: ['text/csv'],
        body: z.string(),
        response: {
          200: z.object({ routes: z.int().describe('How many there are now.') }),
          ...problems(401, 403, 404, 422),
        },
      },
      handler: async ({ actor, params: { name: trunk }, body: text }) => {
        const pause = () => untilOthersHadTheirTurn();
        return { routes: accepted(await importRoutes(services, { actor, trunk, text, pause })) };
      },
    });
  });
};

function shownRoute({
  prefix,
  costPerMinute,
  currency,
  priority,
  weight,
}: CarrierRoute): z.infer<typeof routeShown> {
  return {
    prefix,
    costPerMinute: printAmount({ currency, micros: costPerMinute }),
    currency,
    priority,
    weight,
  };
}
