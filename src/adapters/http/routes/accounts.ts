import { z } from 'zod';
import { type Account, type ApiKey, memberIdOf, permit, ROLES } from '../../../domain/members/index.ts';
import { createAccount } from '../../../services/create-account.ts';
import { createApiKey, listApiKeys } from '../../../services/create-api-key.ts';
import { listAccounts } from '../../../services/find-actor.ts';
import { removeAccount } from '../../../services/remove-account.ts';
import { revokeApiKey } from '../../../services/revoke-api-key.ts';
import type { SignInUser } from '../../accounts/index.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { accepted, Refused } from '../problem.ts';
import { noContent, pageOf, problems, time, timeText } from '../responses.ts';
import { id, idParams, words } from '../shapes.ts';

const accountShown = z
  .object({
    userId: z.string(),
    email: z.string().optional(),
    name: z.string().optional(),
    role: z.enum(ROLES),
    memberId: z.string().optional(),
    createdAt: time,
  })
  .meta({ id: 'Account' });

/** Who may act for a member, and the operators. */
export const accountRoutes: Routes = (face, { services, signIn }) => {
  face.route({
    method: 'GET',
    url: '/v1/accounts',
    schema: {
      summary: 'The accounts that act for a member; the operators, for operators',
      tags: ['sign-in'],
      querystring: z.object({ memberId: id.optional() }),
      response: { 200: pageOf(accountShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = query.memberId ?? memberIdOf(actor);
      const accounts = accepted(await listAccounts(services, definite({ actor, memberId })));
      const users = await signIn.usersOf(accounts.map(({ userId }) => userId));
      return { items: accounts.map((account) => shownAccount(account, users)) };
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/accounts',
    schema: {
      summary: 'Let another person act for an enterprise, or as an operator',
      tags: ['sign-in'],
      body: z.strictObject({
        email: words(254),
        password: z.string().min(1).max(200).describe('To be changed by the person at /v1/auth/password.'),
        name: words(100),
        role: z.enum(ROLES),
        memberId: id.optional().describe('Your own where absent; none for an operator.'),
      }),
      response: { 201: accountShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, body }, reply) => {
      const { role, ...user } = body;
      const memberId = role === 'operator' ? body.memberId : (body.memberId ?? memberIdOf(actor));
      accepted(permit(actor, role === 'operator' ? 'change-operators' : 'change-accounts', memberId));
      const made = accepted(await signIn.createUser(user));
      const created = await createAccount(services, definite({ actor, userId: made.id, role, memberId }));
      if (!created.ok) {
        // The person could sign in and do nothing: better to be able to sign up again.
        await signIn.removeUser(made.id);
        throw new Refused(created.refusal);
      }
      return reply.code(201).send(shownAccount(created.value, [made]));
    },
  });
  face.route({
    method: 'DELETE',
    url: '/v1/accounts/:id',
    schema: {
      summary: 'Take the right to act from a person, with sessions and API keys',
      tags: ['sign-in'],
      params: idParams.describe('The user’s id.'),
      response: { 204: noContent, ...problems(401, 403, 404, 409) },
    },
    handler: async ({ actor, params }, reply) => {
      accepted(await removeAccount(services, { actor, userId: params.id }));
      await signIn.removeUser(params.id);
      return reply.code(204).send();
    },
  });
};

function shownAccount(
  { createdAtMs, ...account }: Account,
  users: readonly SignInUser[],
): z.infer<typeof accountShown> {
  const user = users.find(({ id: userId }) => userId === account.userId);
  return definite({ ...account, email: user?.email, name: user?.name, createdAt: timeText(createdAtMs) });
}

const keyShown = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('The beginning of the key, to recognise it by.'),
    createdAt: time,
    revokedAt: time.optional(),
  })
  .meta({ id: 'ApiKey' });

/** Keys with which programs act as the one who made them. */
export const apiKeyRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'POST',
    url: '/v1/api-keys',
    schema: {
      summary: 'Make an API key; it is shown this once',
      tags: ['sign-in'],
      headers: idempotencyHeaders,
      body: z.strictObject({ name: words(100).describe('What it is for.') }),
      response: { 201: z.object({ apiKey: keyShown, key: z.string() }), ...problems(401, 403, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'optional', status: 201 }, request, reply, async () => {
        const made = accepted(await createApiKey(services, { actor: request.actor, ...request.body }));
        return { apiKey: shownKey(made.apiKey), key: made.key };
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/api-keys',
    schema: {
      summary: 'Your API keys, revoked ones too',
      tags: ['sign-in'],
      response: { 200: pageOf(keyShown), ...problems(401, 403) },
    },
    handler: async ({ actor }) => ({ items: accepted(await listApiKeys(services, { actor })).map(shownKey) }),
  });
  face.route({
    method: 'DELETE',
    url: '/v1/api-keys/:id',
    schema: {
      summary: 'Revoke an API key, for good and at once',
      tags: ['sign-in'],
      params: idParams,
      response: { 204: noContent, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }, reply) => {
      accepted(await revokeApiKey(services, { actor, apiKeyId: params.id }));
      return reply.code(204).send();
    },
  });
};

function shownKey({ id: keyId, name, prefix, createdAtMs, revokedAtMs }: ApiKey): z.infer<typeof keyShown> {
  const revokedAt = revokedAtMs === undefined ? undefined : timeText(revokedAtMs);
  return definite({ id: keyId, name, prefix, createdAt: timeText(createdAtMs), revokedAt });
}
