import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Actor, actorOf } from '../../domain/members/index.ts';
import type { AccountStore } from '../../services/ports/index.ts';
import type { SignIn, Visit } from '../accounts/index.ts';
import { refused } from './problem.ts';

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
  readonly accounts: Pick<AccountStore, 'find'>;
  /** The actor an API key stands for, if it is valid. */
  readonly actorOfKey: (key: string) => Promise<Actor | undefined>;
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

async function actorBehind(request: FastifyRequest, sources: CallerSources): Promise<Actor> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, key] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const actor = key === undefined ? undefined : await sources.actorOfKey(key);
    if (actor !== undefined) return actor;
    throw refused('not-signed-in', 'The API key is not valid, or was revoked.');
  }
  const user = await sources.signIn.userOf(visitOf(request));
  if (user === undefined) return { role: 'visitor' };
  return actorOf(user.id, await sources.accounts.find(user.id));
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
