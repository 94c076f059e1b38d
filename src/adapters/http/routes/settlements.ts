import { z } from 'zod';
import { DOCUMENT_LANGUAGES } from '../../../domain/billing/documents/index.ts';
import { parseMoney } from '../../../domain/billing/index.ts';
import { MOST_DISPUTED_ITEMS } from '../../../domain/billing/settlement/index.ts';
import {
  confirmSettlement,
  disputeSettlement,
  paySettlement,
  resolveDispute,
} from '../../../services/change-settlement.ts';
import { closeSettlement, previewSettlement } from '../../../services/close-settlement.ts';
import { findSettlement, listSettlements, settledCharges } from '../../../services/see-settlements.ts';
import { stateSettlement } from '../../../services/state-settlement.ts';
import { callAmount, microsOf } from '../charge-shape.ts';
import { csvResponse, sendCsv } from '../csv.ts';
import { definite } from '../definite.ts';
import { documentShown, shownDocument } from '../document-shape.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { partName } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import {
  LEG_COLUMNS,
  settlementListed,
  settlementPreview,
  settlementShown,
  settlementState,
  shownListed,
  shownPeriod,
  shownSettlement,
  shownStatement,
} from '../settlement-shape.ts';
import { id, idParams, moneyAsked, words } from '../shapes.ts';

const tags = ['settlements'];

/** Thousands of items may wait for an outcome, each with its reason. */
const LARGEST_OUTCOMES_BYTES = 16 * 1024 * 1024;

const currency = line(10).optional().describe('That of the agreement where absent.');

/** What is settled with other networks, period by period (R23, C16). */
export const settlementRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/settlements',
    schema: {
      summary: 'Settlements that were closed, newest first (operator)',
      tags,
      querystring: pageQuery.extend({ trunk: partName.optional(), state: settlementState.optional() }),
      response: { 200: pageOf(settlementListed), ...problems(401, 403) },
    },
    handler: async ({ actor, query }) =>
      shownPage(accepted(await listSettlements(services, definite({ actor, ...query }))), shownListed),
  });
  face.route({
    method: 'GET',
    url: '/v1/settlements/next',
    schema: {
      summary: 'What the oldest open period with a trunk comes to, as of now (operator)',
      tags,
      querystring: z.object({ trunk: partName, currency }),
      response: { 200: settlementPreview, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, query }) => {
      const preview = accepted(await previewSettlement(services, definite({ actor, ...query })));
      const { settlement, statement } = preview;
      return {
        trunk: settlement.trunk,
        currency: settlement.currency,
        period: shownPeriod(settlement.period),
        isOver: services.clock.nowMs() >= settlement.period.untilMs,
        statement: shownStatement(statement, settlement.currency),
      };
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/settlements',
    schema: {
      summary: 'Close the oldest open period with a trunk (operator)',
      description: 'It cannot be opened again: calls that become known later belong to the next period.',
      tags,
      headers: idempotencyHeaders,
      body: z.strictObject({
        trunk: partName,
        currency,
        period: line(10).describe('Its first day, which confirms that this one is meant: `2026-10-01`.'),
      }),
      response: { 201: settlementShown, ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        return shownSettlement(accepted(await closeSettlement(services, definite({ actor, ...body }))));
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/settlements/:id',
    schema: {
      summary: 'One settlement with its statement (operator)',
      tags,
      params: idParams,
      response: { 200: settlementShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownSettlement(accepted(await findSettlement(services, { actor, settlementId: params.id }))),
  });
  face.route({
    method: 'GET',
    url: '/v1/settlements/:id/charges.csv',
    schema: {
      summary: 'Every charge of a settlement (operator)',
      tags,
      params: idParams,
      response: { 200: csvResponse, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }, reply) => {
      const { settlement, legs } = accepted(
        await settledCharges(services, { actor, settlementId: params.id }),
      );
      return sendCsv(reply, `${settlement.trunk}-${settlement.period.name}.csv`, legs, LEG_COLUMNS);
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/settlements/:id/document',
    schema: {
      summary: 'Issue the statement as a document, which can be read as PDF (operator)',
      description: 'It is issued once: asked again, it is the same one.',
      tags,
      params: idParams,
      body: z.strictObject({ language: z.enum(DOCUMENT_LANGUAGES).default('en') }),
      response: { 200: documentShown, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params, body }) =>
      shownDocument(accepted(await stateSettlement(services, { actor, settlementId: params.id, ...body }))),
  });
};

/** What happens to a settlement after it was closed. */
export const settlementStepRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/settlements/:id/confirm',
    schema: {
      summary: 'Both sides agree on the statement (operator)',
      tags,
      params: idParams,
      response: { 200: settlementShown, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }) =>
      shownSettlement(accepted(await confirmSettlement(services, { actor, settlementId: params.id }))),
  });
  face.route({
    method: 'POST',
    url: '/v1/settlements/:id/dispute',
    schema: {
      summary: 'Put items of a settlement into dispute (operator)',
      description: 'What a reconciliation found is disputed with `POST /v1/reconciliations/:id/dispute`.',
      tags,
      params: idParams,
      body: z.strictObject({
        items: z
          .array(
            z.strictObject({
              what: words(500),
              callId: id.optional(),
              amount: callAmount.describe('What we would owe more, or less where below zero.'),
            }),
          )
          .min(1)
          .max(1_000),
      }),
      response: { 200: settlementShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) => {
      const items = body.items.map(({ amount, ...item }) => definite({ ...item, micros: microsOf(amount) }));
      return shownSettlement(
        accepted(await disputeSettlement(services, { actor, settlementId: params.id, items })),
      );
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/settlements/:id/resolve',
    bodyLimit: LARGEST_OUTCOMES_BYTES,
    schema: {
      summary:
        'What was agreed on disputed items: it moves in the ledger, and the settlement is confirmed (operator)',
      tags,
      params: idParams,
      headers: idempotencyHeaders,
      body: z.strictObject({
        outcomes: z
          .array(
            z.strictObject({
              item: z.int().min(1),
              amount: callAmount.describe('What we owe more; 0 where the statement stays as it is.'),
              because: words(500),
            }),
          )
          .max(MOST_DISPUTED_ITEMS),
      }),
      response: { 200: settlementShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 200 }, request, reply, async () => {
        const { actor, params, body } = request;
        const outcomes = body.outcomes.map(({ amount, ...outcome }) => ({
          ...outcome,
          micros: microsOf(amount),
        }));
        return shownSettlement(
          accepted(await resolveDispute(services, { actor, settlementId: params.id, outcomes })),
        );
      }),
  });
  face.route({
    method: 'POST',
    url: '/v1/settlements/:id/payment',
    schema: {
      summary: 'Note what was really paid; what is left goes into the next settlement (operator)',
      tags,
      params: idParams,
      headers: idempotencyHeaders,
      body: z.strictObject({
        amount: moneyAsked,
        direction: z
          .enum(['to-partner', 'from-partner'])
          .optional()
          .describe('As the statement says where absent.'),
        reference: words(100).describe('What the bank calls it.'),
      }),
      response: { 200: settlementShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 200 }, request, reply, async () => {
        const { actor, params, body } = request;
        const amount = accepted(parseMoney(body.amount.amount, body.amount.currency));
        const paid = { ...definite(body), actor, amount, settlementId: params.id };
        return shownSettlement(accepted(await paySettlement(services, paid)));
      }),
  });
};
