import { z } from 'zod';
import { closeBranch } from '../../../services/close-branch.ts';
import { findMember } from '../../../services/find-member.ts';
import { openBranch } from '../../../services/open-branch.ts';
import type { Routes } from '../face.ts';
import { branchShown, shownBranch } from '../member-shape.ts';
import { accepted } from '../problem.ts';
import { noContent, pageOf, problems } from '../responses.ts';
import { countryCodeText, idParams, words } from '../shapes.ts';

/** The branches of an enterprise: what the country code after # picks (R3). */
export const branchRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/members/:id/branches',
    schema: {
      summary: 'The branches of an enterprise',
      tags: ['members'],
      params: idParams,
      response: { 200: pageOf(branchShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const { branches } = accepted(await findMember(services, { actor, memberId: params.id }));
      return { items: branches.map(shownBranch) };
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/members/:id/branches',
    schema: {
      summary: 'Open a branch in a country (R3, R10)',
      tags: ['members'],
      params: idParams,
      body: z.strictObject({ countryCode: countryCodeText, name: words(300).describe('`Seoul office`.') }),
      response: { 201: branchShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }, reply) => {
      const branch = accepted(await openBranch(services, { actor, memberId: params.id, ...body }));
      return reply.code(201).send(shownBranch(branch));
    },
  });
  face.route({
    method: 'DELETE',
    url: '/v1/members/:id/branches/:countryCode',
    schema: {
      summary: 'Close a branch',
      tags: ['members'],
      params: idParams.extend({ countryCode: countryCodeText }),
      response: { 204: noContent, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params }, reply) => {
      accepted(await closeBranch(services, { actor, memberId: params.id, countryCode: params.countryCode }));
      return reply.code(204).send();
    },
  });
};
