import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Actor, memberIdOf } from '../../domain/members/index.ts';
import { authenticateApiKey } from '../../services/authenticate-api-key.ts';
import { findActor } from '../../services/find-actor.ts';
import type { ServicePorts } from '../../services/ports/index.ts';
import type { SignIn, Visit } from '../accounts/index.ts';
import { accepted, Refused, refused } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether visitors may call the route; without it somebody has to be signed in. */
    openToVisitors?: boolean;
  }
  interface FastifyRequest {
    /** Who asks, as found before the body is read. */
    actor: Actor;
  }
}

/** What it takes to find out who asks. */
export type CallerSources = {
  readonly signIn: SignIn;
  readonly services: Pick<ServicePorts, 'accounts' | 'hash'>;
};

/** Finds out who asks, by API key or by session cookie, and turns visitors away from all but the open routes. */
export function recogniseCallers(server: FastifyInstance, sources: CallerSources): void {
  server.decorateRequest('actor');
  server.addHook('onRequest', async (request) => {
    request.actor = await actorBehind(request, sources);
    if (
      request.actor.role === 'visitor' &&
      request.routeOptions.config.openToVisitors !== true &&
      !request.is404
    ) {
      throw refused('not-signed-in', 'Sign in, or send an API key: Authorization: Bearer omni_….');
    }
  });
}

async function actorBehind(request: FastifyRequest, { services, signIn }: CallerSources): Promise<Actor> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, key = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    return accepted(await authenticateApiKey(services, { key }));
  }
  const user = await signIn.userOf(visitOf(request));
  return user === undefined ? { role: 'visitor' } : findActor(services, user.id);
}

/** What sign-in has to know of a request. */
export function visitOf(request: FastifyRequest): Visit {
  return { headers: request.headers, peerAddress: request.ip };
}

/** The id of the user who asks. Only for routes that are closed to visitors. */
export function userIdOf(actor: Actor): string {
  if ('userId' in actor) return actor.userId;
  throw new Error(`a ${actor.role} has no user id`);
}

/** The member a request is about: the one it names, else the caller's own; an operator has to name one. */
export function memberAsked(actor: Actor, memberId: string | undefined): string {
  const asked = memberId ?? memberIdOf(actor);
  if (asked !== undefined) return asked;
  const detail = 'Say whose with memberId: you act for no member of your own.';
  throw new Refused({ code: 'request-invalid', detail, pointer: '/memberId' });
}
