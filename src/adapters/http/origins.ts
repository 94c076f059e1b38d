import type { FastifyInstance } from 'fastify';
import { refused } from './problem.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The web sites whose pages may use a session cookie: the service's own addresses, and those it is known by.
 * @param publicUrls what browsers reach it by where that is another address than the one it listens on
 */
export function trustedOrigins(server: FastifyInstance, publicUrls: readonly string[]): readonly string[] {
  const own = server.addresses().flatMap((listening) => {
    if (typeof listening === 'string') return [];
    const { address, port } = listening;
    const host = address.includes(':') ? `[${address}]` : address;
    const names = address === '127.0.0.1' || address === '::1' ? [host, 'localhost'] : [host];
    return names.map((name) => `http://${name}:${port}`);
  });
  return [...own, ...publicUrls.map((url) => new URL(url).origin)];
}

/**
 * Refuses what changes something, is authenticated by a cookie and does not come from a page of ours: a browser
 * sends the cookie along whichever site asks. An API key is never sent by itself, so it needs no such check.
 */
export function refuseForeignOrigins(server: FastifyInstance, trusted: () => readonly string[]): void {
  server.addHook('onRequest', async (request) => {
    if (SAFE_METHODS.includes(request.method)) return;
    const { cookie, authorization, origin } = request.headers;
    if (cookie === undefined || authorization !== undefined) return;
    if (origin !== undefined && trusted().includes(origin)) return;
    throw refused(
      'origin-not-allowed',
      'A request with a session cookie has to come from a page of this service (header Origin).',
    );
  });
}
