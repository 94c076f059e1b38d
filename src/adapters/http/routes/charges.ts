import { z } from 'zod';
import { CURRENCIES, type Currency } from '../../../domain/billing/index.ts';
import { correctCharge } from '../../../services/correct-charge.ts';
import { allCharges, listCharges, seeMargins } from '../../../services/see-charges.ts';
import {
  CHARGE_COLUMNS,
  callAmount,
  chargeKind,
  chargeShown,
  marginShown,
  microsOf,
  shownCharge,
  shownMargin,
} from '../charge-shape.ts';
import { csvResponse, sendCsv } from '../csv.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { accepted, refused } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage, time } from '../responses.ts';
import { words } from '../shapes.ts';

const tags = ['money'];

const filter = z.object({
  account: line(200).optional().describe('`member/…` or `trunk/…`; operators see all without it.'),
  kind: chargeKind.optional(),
  from: time.optional().describe('Calls that ended then or later.'),
  until: time.optional().describe('Calls that ended before.'),
  numberPrefix: z
    .string()
    .regex(/^\+?[a-z0-9:-]{1,64}$/, 'Write the beginning of a number: 82, or operator:tello:.')
    .optional(),
});

/** Charges have ids with a slash in them, which a path has as %2F. */
const chargeId = z.object({ id: line(200) });

/** What calls were charged (R23). */
export const chargeRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/charges',
    schema: {
      summary: 'What calls were charged, newest first: your own, or anybody’s for operators',
      tags,
      querystring: pageQuery.extend(filter.shape),
      response: { 200: pageOf(chargeShown), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, query }) => {
      const { after, limit, ...asked } = query;
      const page = await listCharges(services, definite({ actor, after, limit, ...spanOf(asked) }));
      return shownPage(accepted(page), shownCharge);
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/charges.csv',
    schema: {
      summary: 'The same without an end, as CSV',
      tags,
      querystring: filter,
      response: { 200: csvResponse, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, query }, reply) => {
      const pages = accepted(allCharges(services, definite({ actor, ...spanOf(query) })));
      return sendCsv(reply, 'charges.csv', pages, CHARGE_COLUMNS);
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/charges/:id/corrections',
    schema: {
      summary: 'Correct what a leg of a call costs (operator)',
      description: 'Another run is kept, and what it changes is moved in the ledger; nothing is overwritten.',
      tags,
      params: chargeId,
      headers: idempotencyHeaders,
      body: z.strictObject({
        amount: z
          .strictObject({
            amount: callAmount.regex(/^[^-]/, 'A call costs nothing, or more.'),
            currency: z.enum(CURRENCIES as readonly [Currency, ...Currency[]]),
          })
          .describe('What the leg costs from now on.'),
        reason: words(500),
        confirmation: line(100).describe('The id of the call.'),
      }),
      response: { 201: chargeShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body, params } = request;
        const amount = { currency: body.amount.currency, micros: microsOf(body.amount.amount) };
        return shownCharge(
          accepted(await correctCharge(services, { ...body, actor, amount, chargeId: params.id })),
        );
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/margins',
    schema: {
      summary: 'What calls earned, by destination, carrier or member (operator)',
      description: 'Each currency stands apart: nothing is converted.',
      tags,
      querystring: z.object({
        by: z.enum(['destination', 'carrier', 'member']).default('destination'),
        from: time.describe('Calls that ended then or later.'),
        until: time.describe('Calls that ended before.'),
      }),
      response: { 200: z.object({ items: z.array(marginShown) }), ...problems(401, 403, 422) },
    },
    handler: async ({ actor, query: { by, from, until } }) => {
      const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
      if (fromMs >= untilMs) throw refused('request-invalid', 'until has to be after from.');
      return { items: accepted(await seeMargins(services, { actor, by, fromMs, untilMs })).map(shownMargin) };
    },
  });
};

function spanOf({ from, until, numberPrefix, ...others }: z.infer<typeof filter>) {
  return {
    ...others,
    numberPrefix: numberPrefix?.replace('+', ''),
    fromMs: from === undefined ? undefined : Date.parse(from),
    untilMs: until === undefined ? undefined : Date.parse(until),
  };
}
