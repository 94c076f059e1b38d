/** What sign-in has to know of an HTTP request. */
export type Visit = {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the socket, or of a proxy that the operator named as trusted; never taken from the request on its word. */
  readonly peerAddress: string;
};

/** Carries the peer's address to better-auth, which reads it from a header only; what the client sends under this name is dropped. */
export const PEER_HEADER = 'x-omnidial-peer';

/** Where better-auth believes to be; our routes call it with addresses made here, never with the client's. */
export const SIGN_IN_URL = 'http://omnidial.invalid/v1/auth';

/**
 * The headers sign-in acts on: the cookie, and what tells where a browser came from. Sec-Fetch-* stay out: a browser
 * that posts names its Origin anyway, and programs in Node send them without one.
 */
const HEADERS = ['cookie', 'origin', 'referer', 'user-agent'];

/** The headers of a visit, reduced to those that sign-in acts on. */
export function visitHeaders(visit: Visit): Headers {
  const headers = new Headers({ [PEER_HEADER]: visit.peerAddress });
  for (const name of HEADERS) {
    const value = visit.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

/** A request to one of better-auth's own addresses on behalf of a visit. */
export function visitRequest(visit: Visit, path: string, body: unknown): Request {
  const headers = visitHeaders(visit);
  headers.set('content-type', 'application/json');
  return new Request(`${SIGN_IN_URL}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}
