import { z } from 'zod';
import { addTerminal } from '../../../services/add-terminal.ts';
import { findTerminal, listTerminals } from '../../../services/find-terminal.ts';
import { removeTerminal } from '../../../services/remove-terminal.ts';
import { replaceTerminalPassword } from '../../../services/replace-terminal-password.ts';
import { updateTerminal } from '../../../services/update-terminal.ts';
import { memberAsked } from '../caller.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { shownTerminal, terminalShown, terminalWithPassword } from '../member-shape.ts';
import { accepted } from '../problem.ts';
import { noContent, pageOf, problems } from '../responses.ts';
import { countryCodeText, id, idParams, words } from '../shapes.ts';

const terminalForm = z.strictObject({
  name: words(300).describe('`phone on my desk`.'),
  countryCode: countryCodeText.describe('Where it is: whose emergency numbers and dialling rules it uses.'),
  branchCountryCode: countryCodeText
    .optional()
    .describe('The branch it rings for; that of its country where absent.'),
  memberId: id.optional().describe('Whose; your own where absent.'),
});

/** What can ring and call for a member (R18). */
export const terminalRoutes: Routes = (face, { services }) => {
  const { sipRealm: realm } = services.settings;
  face.route({
    method: 'POST',
    url: '/v1/terminals',
    schema: {
      summary: 'Add a terminal; its password is shown this once (R18)',
      tags: ['members'],
      headers: idempotencyHeaders,
      body: terminalForm,
      response: { 201: terminalWithPassword, ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'optional', status: 201 }, request, reply, async () => {
        const { actor, body } = request;
        const memberId = memberAsked(actor, body.memberId);
        const added = accepted(await addTerminal(services, definite({ actor, ...body, memberId })));
        return { terminal: shownTerminal(added.terminal), password: added.password, realm };
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/terminals',
    schema: {
      summary: 'The terminals of a member',
      tags: ['members'],
      querystring: z.object({ memberId: id.optional().describe('Whose; your own where absent.') }),
      response: { 200: pageOf(terminalShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = memberAsked(actor, query.memberId);
      return { items: accepted(await listTerminals(services, { actor, memberId })).map(shownTerminal) };
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/terminals/:id',
    schema: {
      summary: 'One terminal',
      tags: ['members'],
      params: idParams,
      response: { 200: terminalShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownTerminal(accepted(await findTerminal(services, { actor, terminalId: params.id }))),
  });
  face.route({
    method: 'PATCH',
    url: '/v1/terminals/:id',
    schema: {
      summary: 'Rename a terminal, or note that it is in another country now',
      tags: ['members'],
      params: idParams,
      body: terminalForm.pick({ name: true, countryCode: true }).partial(),
      response: { 200: terminalShown, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, params, body }) =>
      shownTerminal(
        accepted(await updateTerminal(services, definite({ actor, terminalId: params.id, ...body }))),
      ),
  });
  face.route({
    method: 'POST',
    url: '/v1/terminals/:id/password',
    schema: {
      summary: 'Give a terminal a new password, shown this once',
      tags: ['members'],
      params: idParams,
      response: { 200: terminalWithPassword, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const made = accepted(await replaceTerminalPassword(services, { actor, terminalId: params.id }));
      return { terminal: shownTerminal(made.terminal), password: made.password, realm };
    },
  });
  face.route({
    method: 'DELETE',
    url: '/v1/terminals/:id',
    schema: {
      summary: 'Remove a terminal',
      tags: ['members'],
      params: idParams,
      querystring: z.object({
        confirmation: line(100).describe('Its SIP user name, so that nobody does it by mistake.'),
      }),
      response: { 204: noContent, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ actor, params, query }, reply) => {
      accepted(await removeTerminal(services, { actor, terminalId: params.id, ...query }));
      return reply.code(204).send();
    },
  });
};
