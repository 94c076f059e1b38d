import { z } from 'zod';
import { findMember, listMembers } from '../../../services/find-member.ts';
import { registerMember } from '../../../services/register-member.ts';
import { updateMember } from '../../../services/update-member.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import {
  branchShown,
  changedForm,
  formOf,
  memberChange,
  memberForm,
  memberKind,
  memberShown,
  shownBranch,
  shownMember,
  shownTerminal,
  terminalShown,
} from '../member-shape.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import { id, idParams, serviceNumber, shownNumber } from '../shapes.ts';

export const memberOverview = z
  .object({
    member: memberShown,
    numbers: z.array(serviceNumber),
    branches: z.array(branchShown),
    terminals: z.array(terminalShown),
  })
  .meta({ id: 'MemberOverview' });

/** Registration and what is stored of a member (R10, R11). */
export const memberRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/members',
    schema: {
      summary: 'Register a member (R10, R11)',
      description:
        'Whoever signed up and has no member yet becomes its account; an operator may name another user.',
      tags: ['members'],
      headers: idempotencyHeaders,
      body: memberForm.extend({ kind: memberKind, userId: id.optional() }),
      response: { 201: memberShown, ...problems(401, 403, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'optional', status: 201 }, request, reply, async () => {
        const { kind, userId, ...form } = request.body;
        const command = definite({ actor: request.actor, kind, userId });
        return shownMember(accepted(await registerMember(services, { ...command, ...formOf(form) })));
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/members',
    schema: {
      summary: 'Members, newest first (operator)',
      tags: ['members'],
      querystring: pageQuery.extend({ kind: memberKind.optional() }),
      response: { 200: pageOf(memberShown), ...problems(401, 403) },
    },
    handler: async ({ actor, query }) =>
      shownPage(accepted(await listMembers(services, definite({ actor, ...query }))), shownMember),
  });
  face.route({
    method: 'GET',
    url: '/v1/members/:id',
    schema: {
      summary: 'Everything stored about a member (R11)',
      tags: ['members'],
      params: idParams,
      response: { 200: memberOverview, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const found = accepted(await findMember(services, { actor, memberId: params.id }));
      return {
        member: shownMember(found.member),
        numbers: found.numbers.map(shownNumber),
        branches: found.branches.map(shownBranch),
        terminals: found.terminals.map(shownTerminal),
      };
    },
  });
  face.route({
    method: 'PATCH',
    url: '/v1/members/:id',
    schema: {
      summary: 'Change what a member has told of itself (R10)',
      description: 'What is left out stays.',
      tags: ['members'],
      params: idParams,
      body: memberChange,
      response: { 200: memberShown, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, params, body }) => {
      const { member } = accepted(await findMember(services, { actor, memberId: params.id }));
      const command = { actor, memberId: params.id, ...changedForm(member, body) };
      return shownMember(accepted(await updateMember(services, command)));
    },
  });
};
