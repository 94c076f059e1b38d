import { hash, randomBytes } from 'node:crypto';
import { answerChallenge, strongestChallenge } from '../../protocols/sip/digest/index.ts';
import type { HeaderField, SipRequest, SipResponse } from '../../protocols/sip/message/index.ts';

export type Account = { readonly user: string; readonly password: string };

/** The header that answers a challenge; nothing where the response is none, or none that can be answered. */
export type Credentials = { readonly credentials?: HeaderField; readonly isStale?: boolean };

const HASHES = { md5: (text: string) => hash('md5', text), sha256: (text: string) => hash('sha256', text) };

/** Answers the strongest challenge of a 401 or 407 to a request that is to be sent again. */
export function credentialsFor(
  account: Account | undefined,
  request: SipRequest,
  response: SipResponse,
): Credentials {
  if (account === undefined || !isChallenge(response)) return {};
  const received = strongestChallenge(response);
  if (received === undefined) return {};
  const { challenge, answerIn } = received;
  const cnonce = randomBytes(8).toString('hex');
  const { method, uri } = request;
  const answer = {
    username: account.user,
    password: account.password,
    method,
    uri,
    cnonce,
    nonceCount: 1,
  };
  const value = answerChallenge(challenge, answer, HASHES);
  return { credentials: { name: answerIn, value }, isStale: challenge.stale };
}

/** Whether a response wants to know who we are (RFC 3261 §22). */
export function isChallenge({ status }: SipResponse): boolean {
  return status === 401 || status === 407;
}

/** Whether a request said who we are. */
export function hasCredentials(request: SipRequest): boolean {
  return request.headers.some(({ name }) => name === 'Authorization' || name === 'Proxy-Authorization');
}
