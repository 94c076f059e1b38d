import { z } from 'zod';
import { type CallingTerms, writeChargingSetUp } from '../../../domain/billing/charging/index.ts';
import { type Money, parseMoney } from '../../../domain/billing/index.ts';
import type { ChargingRevision } from '../../../services/ports/index.ts';
import { findCallingTerms, setCallingTerms } from '../../../services/set-calling-terms.ts';
import { setCharging, viewCharging } from '../../../services/set-charging.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { acceptedAt, revisionText } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { problems } from '../responses.ts';
import { idParams, moneyAsked, shownMoney } from '../shapes.ts';

const tags = ['charging'];

/** Ten thousand agreements are some megabytes. */
const LARGEST_SET_UP_BYTES = 8 * 1024 * 1024;

/** How calls are charged. */
export const chargingShown = z
  .object({
    revision: revisionText.describe('Every change makes it larger.'),
    charging: z.unknown().describe('In the form of `examples/charging.yaml`.'),
  })
  .meta({ id: 'Charging' });

/** What was agreed with a member about its calls. */
export const callingTermsShown = z
  .object({
    plan: line(64).optional().describe('The retail tariff of its calls; the default plan where absent.'),
    barredPrefixes: z
      .array(line(64))
      .max(100)
      .describe('Numbers that begin so are not called: digits, or `operator:…`.'),
    callsPremium: z.boolean().describe('Whether numbers of premium services are called.'),
    dailyLimit: moneyAsked.optional().describe('How much of calls it may spend in a day of UTC.'),
    callsPerMinute: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('How many calls that cost something it may begin in a minute.'),
    announcesPrice: z
      .boolean()
      .optional()
      .describe(
        'Whether a voice tells the caller what a call costs before anybody rings; not so where absent.',
      ),
  })
  .meta({ id: 'CallingTerms' });

/** How calls are charged: by whom, after which tariffs, and what was agreed with whom (R23). */
export const chargingRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/charging',
    schema: {
      summary: 'How calls are charged (operator, R23)',
      tags,
      response: { 200: chargingShown, ...problems(401, 403) },
    },
    handler: async ({ actor }) => shownCharging(accepted(await viewCharging(services, actor))),
  });
  face.route({
    method: 'PUT',
    url: '/v1/charging',
    bodyLimit: LARGEST_SET_UP_BYTES,
    schema: {
      summary: 'Set how calls are charged (operator, R23)',
      description:
        'All of it at once: what is not given is not charged by. Calls under way keep their terms.',
      tags,
      body: z.strictObject({
        charging: z.unknown().describe('In the form of `examples/charging.yaml`.'),
        revision: revisionText.optional().describe('The one that was looked at: refused where it is gone.'),
      }),
      response: { 200: chargingShown, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ actor, body }) => {
      const { charging: setUp, revision } = body;
      const set = await setCharging(services, {
        actor,
        setUp,
        ...(revision === undefined ? {} : { revision: BigInt(revision) }),
      });
      return shownCharging(acceptedAt(set, (fault) => ({ ...fault, pointer: `/charging${fault.pointer}` })));
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/members/:id/calling-terms',
    schema: {
      summary: 'What was agreed with a member about its calls (R23)',
      tags,
      params: idParams,
      response: { 200: callingTermsShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownTerms(accepted(await findCallingTerms(services, { actor, memberId: params.id }))),
  });
  face.route({
    method: 'PUT',
    url: '/v1/members/:id/calling-terms',
    schema: {
      summary: 'Set what was agreed with a member about its calls (operator, R23)',
      tags,
      params: idParams,
      body: callingTermsShown.strict().extend({
        creditLimit: moneyAsked
          .optional()
          .describe('How much it may owe; 0 for prepaid. Stays as it is where absent.'),
      }),
      response: { 200: callingTermsShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) => {
      const { creditLimit, dailyLimit, ...terms } = definite(body);
      const amounts = { creditLimit: readMoney(creditLimit), dailyLimit: readMoney(dailyLimit) };
      const set = accepted(
        await setCallingTerms(services, {
          actor,
          memberId: params.id,
          terms: { ...terms, ...definite({ dailyLimit: amounts.dailyLimit }) },
          ...definite({ creditLimit: amounts.creditLimit }),
        }),
      );
      return shownTerms(set);
    },
  });
};

function readMoney(asked: z.infer<typeof moneyAsked> | undefined): Money | undefined {
  return asked && accepted(parseMoney(asked.amount, asked.currency));
}

function shownTerms({
  barredPrefixes,
  dailyLimit,
  ...terms
}: CallingTerms): z.infer<typeof callingTermsShown> {
  return {
    ...terms,
    barredPrefixes: [...barredPrefixes],
    ...(dailyLimit === undefined ? {} : { dailyLimit: shownMoney(dailyLimit) }),
  };
}

function shownCharging({ revision, setUp }: ChargingRevision): z.infer<typeof chargingShown> {
  return { revision: String(revision), charging: writeChargingSetUp(setUp) };
}
