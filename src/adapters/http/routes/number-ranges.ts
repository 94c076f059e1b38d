import { z } from 'zod';
import { parseMoney } from '../../../domain/billing/index.ts';
import { addNumberRange, withdrawNumberRange } from '../../../services/add-number-range.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { accepted } from '../problem.ts';
import { problems } from '../responses.ts';
import { countryCodeText, idParams, moneyAsked, numberRange, shownRange } from '../shapes.ts';

/** The catalogue, as the operator sets it. Everybody sees it in the offer. */
export const numberRangeRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/number-ranges',
    schema: {
      summary: 'Put a range of numbers on sale (operator)',
      tags: ['numbers'],
      body: z.strictObject({
        range: line(64).describe('`02-6200-XXXX` of personal, `6200-XXXX` of enterprise numbers.'),
        countryCode: countryCodeText.optional().describe('Of personal numbers: `082`.'),
        price: moneyAsked,
        memorableSurcharge: moneyAsked.optional(),
        renewalPrice: moneyAsked.optional().describe('Of another year; the price where absent.'),
      }),
      response: { 201: numberRange, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ actor, body }, reply) => {
      const { price, memorableSurcharge, renewalPrice, ...range } = body;
      const amountOf = (asked: typeof price) => accepted(parseMoney(asked.amount, asked.currency));
      const added = await addNumberRange(
        services,
        definite({
          actor,
          ...range,
          price: amountOf(price),
          memorableSurcharge: memorableSurcharge && amountOf(memorableSurcharge),
          renewalPrice: renewalPrice && amountOf(renewalPrice),
        }),
      );
      return reply.code(201).send(shownRange(accepted(added)));
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/number-ranges/:id/withdrawal',
    schema: {
      summary: 'Take a range from sale (operator)',
      description: 'What was sold stays sold, and open orders may still be paid.',
      tags: ['numbers'],
      params: idParams,
      response: { 200: numberRange, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownRange(accepted(await withdrawNumberRange(services, { actor, rangeId: params.id }))),
  });
};
