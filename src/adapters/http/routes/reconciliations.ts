import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DIFFERENCE_KINDS } from '../../../domain/billing/reconciliation/index.ts';
import { parseCountry } from '../../../domain/numbering/index.ts';
import {
  disputeDifferences,
  findReconciliation,
  type ReconcileSettlement,
  reconcileSettlement,
} from '../../../services/reconcile-settlement.ts';
import { findSettlement } from '../../../services/see-settlements.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { accepted } from '../problem.ts';
import { problems } from '../responses.ts';
import {
  callDirection,
  reconciliationShown,
  settlementShown,
  shownReconciliation,
  shownSettlement,
} from '../settlement-shape.ts';
import { idParams } from '../shapes.ts';

/** Half a million records are some fifty megabytes. */
const LARGEST_RECORDS_BYTES = 64 * 1024 * 1024;

const tags = ['settlements'];

const column = line(60).optional();

const writing = z.object({
  direction: callDirection.default('outbound'),
  timeZone: line(64).optional().describe('Of their times; that of the agreement where absent.'),
  country: line(10).optional().describe('In which numbers without a country code are: `KR`.'),
  ownNumbers: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether numbers are the network’s own, of which only digits are compared.'),
  dateOrder: z.enum(['day-first', 'month-first']).optional().describe('Of dates such as 03/04/2026.'),
  toleranceSeconds: z.coerce.number().int().min(0).max(3_600).optional(),
  durationToleranceSeconds: z.coerce.number().int().min(0).max(3_600).optional(),
  callerColumn: column.describe('The heading of a column that does not go by a usual name.'),
  calledColumn: column,
  startColumn: column,
  durationColumn: column,
  priceColumn: column,
  currencyColumn: column,
});

/** Our charges beside the records of other networks (R23). */
export const reconciliationRoutes: Routes = (face, { services }) => {
  // Within a scope of its own, so that no other route takes CSV.
  face.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.addContentTypeParser(
      'text/csv',
      { parseAs: 'string', bodyLimit: LARGEST_RECORDS_BYTES },
      (_, text, done) => done(null, text),
    );
    scope.route({
      method: 'POST',
      url: '/v1/settlements/:id/reconciliations',
      bodyLimit: LARGEST_RECORDS_BYTES,
      schema: {
        summary: 'Compare a settlement with the call records of the other network (operator)',
        description:
          'Their records as `text/csv` with a heading: caller, called, answer time, duration, price. ' +
          'Calls are found by their numbers and times, those that fit best first.',
        tags,
        params: idParams,
        querystring: writing,
        consumes: ['text/csv'],
        body: z.string(),
        response: { 200: reconciliationShown, ...problems(401, 403, 404, 422) },
      },
      handler: async ({ actor, params, query, body: text }) => {
        const settlementId = params.id;
        const { currency } = accepted(await findSettlement(services, { actor, settlementId }));
        const pause = () => untilOthersHadTheirTurn();
        const asked = { ...recordsOf(query), actor, settlementId, text, pause };
        return shownReconciliation(accepted(await reconcileSettlement(services, asked)), currency);
      },
    });
  });
  face.route({
    method: 'GET',
    url: '/v1/reconciliations/:id',
    schema: {
      summary: 'What a comparison found (operator)',
      tags,
      params: idParams,
      response: { 200: reconciliationShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const kept = accepted(await findReconciliation(services, { actor, reconciliationId: params.id }));
      const { currency } = accepted(
        await findSettlement(services, { actor, settlementId: kept.settlementId }),
      );
      return shownReconciliation(kept, currency);
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/reconciliations/:id/dispute',
    schema: {
      summary: 'Put what a comparison found into dispute (operator)',
      tags,
      params: idParams,
      body: z.strictObject({
        kinds: z.array(z.enum(DIFFERENCE_KINDS)).min(1).optional().describe('All where absent.'),
      }),
      response: { 200: settlementShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) => {
      const { settlementId } = accepted(
        await findReconciliation(services, { actor, reconciliationId: params.id }),
      );
      const asked = definite({ actor, settlementId, reconciliationId: params.id, kinds: body.kinds });
      return shownSettlement(accepted(await disputeDifferences(services, asked)));
    },
  });
};

function recordsOf(
  query: z.infer<typeof writing>,
): Omit<ReconcileSettlement, 'actor' | 'settlementId' | 'text' | 'pause'> {
  const { ownNumbers, country, ...asked } = query;
  const { callerColumn, calledColumn, startColumn, durationColumn, priceColumn, currencyColumn, ...others } =
    asked;
  const columns = definite({
    caller: callerColumn,
    called: calledColumn,
    start: startColumn,
    duration: durationColumn,
    price: priceColumn,
    currency: currencyColumn,
  });
  return definite({
    ...others,
    columns,
    hasOwnNumbers: ownNumbers === 'true',
    country: country === undefined ? undefined : accepted(parseCountry(country)),
  });
}
