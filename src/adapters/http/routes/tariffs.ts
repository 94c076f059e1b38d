import { z } from 'zod';
import { createTariff } from '../../../services/create-tariff.ts';
import { findRate } from '../../../services/find-rate.ts';
import { findTariff, listTariffs } from '../../../services/find-tariff.ts';
import { takeBackTariff } from '../../../services/take-back-tariff.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { partName } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import {
  shownRate,
  shownTariff,
  shownVersion,
  tariffKind,
  tariffRateShown,
  tariffShown,
  tariffVersionShown,
} from '../tariff-shape.ts';

const params = z.object({ name: partName });

/** Tariffs and their versions (R23). */
export const tariffRoutes: Routes = (face, { services, tariffs }) => {
  face.route({
    method: 'GET',
    url: '/v1/tariffs',
    schema: {
      summary: 'Tariffs, by name (operator, R23)',
      tags: ['tariffs'],
      querystring: pageQuery,
      response: { 200: pageOf(tariffShown), ...problems(401, 403) },
    },
    handler: async ({ actor, query }) =>
      shownPage(accepted(await listTariffs(services, definite({ actor, ...query }))), shownTariff),
  });
  face.route({
    method: 'POST',
    url: '/v1/tariffs',
    schema: {
      summary: 'Make a tariff, which has no rates yet (operator, R23)',
      description: 'The same again gives the one that is there.',
      tags: ['tariffs'],
      body: z.strictObject({
        name: partName.describe('Small letters, digits and hyphens: `retail-kr`.'),
        kind: tariffKind,
        currency: line(10),
        timeZone: line(64).describe('IANA: `Asia/Seoul`.'),
      }),
      response: { 201: tariffShown, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ actor, body }, reply) => {
      const { name } = accepted(await createTariff(services, { actor, tariff: body }));
      reply.code(201);
      return shownTariff(accepted(await findTariff(services, { actor, name })));
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/tariffs/:name',
    schema: {
      summary: 'A tariff and its versions (operator, R23)',
      tags: ['tariffs'],
      params,
      response: { 200: tariffShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params: { name } }) =>
      shownTariff(accepted(await findTariff(services, { actor, name }))),
  });
  face.route({
    method: 'GET',
    url: '/v1/tariffs/:name/rate',
    schema: {
      summary: 'What calls to a number cost by a tariff (operator, R23)',
      tags: ['tariffs'],
      params,
      querystring: z.object({
        number: line(64).describe('`+821012345678`, or `operator:tello:0701234567`.'),
        at: line(40).optional().describe('A date in the tariff’s time zone, or a moment; else now.'),
        seconds: z.coerce
          .number()
          .min(0)
          .max(31_536_000)
          .optional()
          .describe('Of a conversation, for its price.'),
      }),
      response: { 200: tariffRateShown, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, params: { name: tariff }, query }) =>
      shownRate(
        accepted(findRate({ clock: services.clock, tariffs }, definite({ actor, tariff, ...query }))),
      ),
  });
  face.route({
    method: 'POST',
    url: '/v1/tariffs/:name/versions/:number/take-back',
    schema: {
      summary: 'Take a version back: the one before is in force again (operator, R23)',
      description:
        'Nothing is deleted, and calls of before keep their prices. The same again changes nothing.',
      tags: ['tariffs'],
      params: params.extend({ number: z.coerce.number().int().min(1).max(2_147_483_647) }),
      response: { 200: tariffVersionShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params: { name: tariff, number } }) => {
      const version = accepted(await takeBackTariff(services, { actor, tariff, number }));
      await tariffs.refresh();
      return shownVersion(version);
    },
  });
};
