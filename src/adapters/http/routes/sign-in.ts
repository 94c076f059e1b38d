import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Actor, memberIdOf, ROLES, readMemberDetails } from '../../../domain/members/index.ts';
import { findActor } from '../../../services/find-actor.ts';
import { registerMember } from '../../../services/register-member.ts';
import type { SignInUser } from '../../accounts/index.ts';
import { userIdOf, visitOf } from '../caller.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { formOf, memberForm, memberKind } from '../member-shape.ts';
import { accepted } from '../problem.ts';
import { noContent, problems } from '../responses.ts';
import { words } from '../shapes.ts';

const email = words(254);
const password = z.string().min(1).max(200);

const memberAsked = memberForm.omit({ email: true }).extend({ kind: memberKind });

const session = z
  .object({
    user: z.object({ id: z.string(), email: z.string().optional(), name: z.string().optional() }),
    role: z.enum([...ROLES, 'newcomer']).describe('A newcomer has signed up and is no member yet.'),
    memberId: z.string().optional(),
  })
  .meta({ id: 'Session' });

/** Signing up, in and out. The session is a cookie that no page's script can read. */
export const signInRoutes: Routes = (face, { services, signIn }) => {
  face.route({
    method: 'POST',
    url: '/v1/auth/sign-up',
    config: { openToVisitors: true },
    schema: {
      summary: 'Sign up, as an individual or for an enterprise, and sign in',
      description: 'With `member`, the member is registered at once; otherwise do so at /v1/members.',
      tags: ['sign-in'],
      security: [],
      body: z.strictObject({
        email,
        password: password.describe('10 to 128 characters.'),
        name: words(100).describe('Who you are.'),
        member: memberAsked.optional(),
      }),
      response: { 201: session, ...problems(403, 409, 422, 429) },
    },
    handler: async (request, reply) => {
      const { member, ...user } = request.body;
      const registration = member === undefined ? undefined : registrationOf(member, user.email);
      // Read before the sign-up, so that a faulty form leaves nothing behind.
      if (registration !== undefined) accepted(readMemberDetails(registration));
      const signedIn = accepted(await signIn.signUp(visitOf(request), user));
      setCookies(reply, signedIn.setCookies);
      const actor = await findActor(services, signedIn.user.id);
      if (registration !== undefined) accepted(await registerMember(services, { actor, ...registration }));
      reply.code(201);
      return sessionOf(signedIn.user, await findActor(services, signedIn.user.id));
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/auth/sign-in',
    config: { openToVisitors: true },
    schema: {
      summary: 'Sign in',
      tags: ['sign-in'],
      security: [],
      body: z.strictObject({ email, password }),
      response: { 200: session, ...problems(401, 403, 422, 429) },
    },
    handler: async (request, reply) => {
      const signedIn = accepted(await signIn.signIn(visitOf(request), request.body));
      setCookies(reply, signedIn.setCookies);
      return sessionOf(signedIn.user, await findActor(services, signedIn.user.id));
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/auth/sign-out',
    config: { openToVisitors: true },
    schema: {
      summary: 'Sign out',
      tags: ['sign-in'],
      response: { 204: noContent, ...problems(403) },
    },
    handler: async (request, reply) => {
      setCookies(reply, accepted(await signIn.signOut(visitOf(request))));
      return reply.code(204).send();
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/auth/session',
    schema: {
      summary: 'Who is signed in',
      tags: ['sign-in'],
      response: { 200: session, ...problems(401) },
    },
    handler: async ({ actor }) => {
      const [user] = await signIn.usersOf([userIdOf(actor)]);
      return sessionOf(user ?? { id: userIdOf(actor) }, actor);
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/auth/password',
    schema: {
      summary: 'Change the password, and end all other sessions',
      tags: ['sign-in'],
      security: [{ session: [] }],
      body: z.strictObject({ currentPassword: password, newPassword: password }),
      response: { 204: noContent, ...problems(401, 403, 422, 429) },
    },
    handler: async (request, reply) => {
      setCookies(reply, accepted(await signIn.changePassword(visitOf(request), request.body)));
      return reply.code(204).send();
    },
  });
};

function registrationOf({ kind, ...form }: z.infer<typeof memberAsked>, address: string) {
  return { kind, ...formOf({ ...form, email: address }) };
}

function setCookies(reply: FastifyReply, setCookies: readonly string[]): void {
  if (setCookies.length > 0) reply.header('set-cookie', [...setCookies]);
}

/** An account need not be a person who signs in: one made for programs has a key only. */
function sessionOf(
  user: Pick<SignInUser, 'id'> & Partial<SignInUser>,
  actor: Actor,
): z.infer<typeof session> {
  const role = actor.role === 'visitor' || actor.role === 'service' ? 'newcomer' : actor.role;
  return definite({ user, role, memberId: memberIdOf(actor) });
}
