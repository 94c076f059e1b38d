import { z } from 'zod';
import { addAlias } from '../../../services/add-alias.ts';
import { askForProof } from '../../../services/ask-for-proof.ts';
import { chooseFallbackBranch } from '../../../services/choose-fallback-branch.ts';
import { confirmAlias } from '../../../services/confirm-alias.ts';
import { findAlias, listAliases } from '../../../services/find-alias.ts';
import { removeAlias } from '../../../services/remove-alias.ts';
import { aliasKind, aliasShown, shownAlias } from '../alias-shape.ts';
import { memberAsked } from '../caller.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { accepted } from '../problem.ts';
import { noContent, pageOf, problems } from '../responses.ts';
import { countryCodeText, id, idParams, words } from '../shapes.ts';

const tags = ['members'];

const fallbackCountryCode = countryCodeText.describe(
  'Of domains: the branch that takes calls from countries where the enterprise has none.',
);

const aliasForm = z.strictObject({
  kind: aliasKind,
  value: words(254).describe('`+82 2-6200-6200`, `alice@acme.example`, `acme.example`.'),
  operatorId: line(100).optional().describe('Of an operator’s number: whose.'),
  fallbackCountryCode: fallbackCountryCode.optional(),
  memberId: id.optional().describe('Whose; your own where absent.'),
});

/** What else than the numbers bought leads to a member, and the proof that it is the member's (R17, R19). */
export const aliasRoutes: Routes = (face, ports) => {
  seeAliases(face, ports);
  changeAliases(face, ports);
  proveAliases(face, ports);
};

const seeAliases: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/aliases',
    schema: {
      summary: 'The telephones, numbers elsewhere, addresses and domains of a member (R17, R19)',
      tags,
      querystring: z.object({ memberId: id.optional().describe('Whose; your own where absent.') }),
      response: { 200: pageOf(aliasShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = memberAsked(actor, query.memberId);
      return { items: accepted(await listAliases(services, { actor, memberId })).map(shownAlias) };
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/aliases/:id',
    schema: {
      summary: 'One of them',
      tags,
      params: idParams,
      response: { 200: aliasShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownAlias(accepted(await findAlias(services, { actor, aliasId: params.id }))),
  });
};

const changeAliases: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/aliases',
    schema: {
      summary:
        'Say that a number, address or domain is yours: a code is sent, or a record asked for (R17, R19)',
      tags,
      headers: idempotencyHeaders,
      body: aliasForm,
      response: { 201: aliasShown, ...problems(401, 403, 404, 409, 422, 429, 503) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const memberId = memberAsked(actor, body.memberId);
        return shownAlias(accepted(await addAlias(services, { ...body, actor, memberId })));
      }),
  });
  face.route({
    method: 'PATCH',
    url: '/v1/aliases/:id',
    schema: {
      summary: 'Choose the branch that takes the calls to a domain from other countries (R17)',
      tags,
      params: idParams,
      body: z.strictObject({ fallbackCountryCode: fallbackCountryCode.nullable() }),
      response: { 200: aliasShown, ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: async ({ actor, params, body }) => {
      const fallback = body.fallbackCountryCode ?? undefined;
      const command = { actor, aliasId: params.id, fallbackCountryCode: fallback };
      return shownAlias(accepted(await chooseFallbackBranch(services, command)));
    },
  });
  face.route({
    method: 'DELETE',
    url: '/v1/aliases/:id',
    schema: {
      summary: 'Remove a number, address or domain: calls to it reach the member no more',
      tags,
      params: idParams,
      querystring: z.object({
        confirmation: line(254).describe('Its value, so that nobody does it by mistake.'),
      }),
      response: { 204: noContent, ...problems(401, 403, 404, 422, 503) },
    },
    handler: async ({ actor, params, query }, reply) => {
      accepted(await removeAlias(services, { actor, aliasId: params.id, ...query }));
      return reply.code(204).send();
    },
  });
};

const proveAliases: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/aliases/:id/code',
    schema: {
      summary: 'Ask for a new code, by mail or by a call; the one before is void',
      tags,
      params: idParams,
      headers: idempotencyHeaders,
      response: { 200: aliasShown, ...problems(401, 403, 404, 409, 422, 429, 503) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 200 }, request, reply, async () => {
        const { actor, params } = request;
        return shownAlias(accepted(await askForProof(services, { actor, aliasId: params.id })));
      }),
  });
  face.route({
    method: 'POST',
    url: '/v1/aliases/:id/confirmation',
    schema: {
      summary: 'Prove it: by the code, or, for a domain, by its record being looked up now',
      tags,
      params: idParams,
      body: z.strictObject({ code: line(20).optional().describe('Six digits; not for domains.') }),
      response: { 200: aliasShown, ...problems(401, 403, 404, 409, 422, 429, 503) },
    },
    handler: async ({ actor, params, body }) =>
      shownAlias(accepted(await confirmAlias(services, { actor, aliasId: params.id, ...body }))),
  });
};
