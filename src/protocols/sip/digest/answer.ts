import type { SipResponse } from '../message/index.ts';
import type { Hashes } from './algorithm.ts';
import { quote } from './auth-parameters.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { digestResponse, digestSecret, printNonceCount } from './response.ts';

/** What a client answers a challenge with. */
export type ChallengeAnswer = {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** The Request-URI. */
  readonly uri: string;
  /** Chance that nobody can foresee, as hexadecimal or another text without quotes. */
  readonly cnonce: string;
  /** How often the nonce was answered, this time included: 1 for a new challenge. */
  readonly nonceCount: number;
};

/** What a response asks for, and the header that answers it. */
export type ReceivedChallenge = {
  readonly challenge: Challenge;
  readonly answerIn: 'Authorization' | 'Proxy-Authorization';
};

/**
 * The strongest challenge of a 401 or 407 that can be answered here, whatever order they are in (RFC 8760 §2.4
 * lets the server order them; an attacker who reorders them gains nothing so). Undefined where there is none.
 */
export function strongestChallenge(response: SipResponse): ReceivedChallenge | undefined {
  const asked = response.status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
  const answerIn = response.status === 407 ? 'Proxy-Authorization' : 'Authorization';
  let strongest: Challenge | undefined;
  for (const field of response.headers) {
    const read = field.name === asked ? parseChallenge(field.value) : undefined;
    if (read === undefined || !read.ok || read.value === undefined) continue;
    if (strongest === undefined || (strongest.algorithm === 'MD5' && read.value.algorithm === 'SHA-256')) {
      strongest = read.value;
    }
  }
  return strongest === undefined ? undefined : { challenge: strongest, answerIn };
}

/** The Authorization or Proxy-Authorization value that answers a challenge (RFC 7616 §3.4). */
export function answerChallenge(challenge: Challenge, answer: ChallengeAnswer, hashes: Hashes): string {
  const { realm, nonce, algorithm, opaque } = challenge;
  const { username, password, method, uri, cnonce, nonceCount } = answer;
  const ha1 = digestSecret({ username, realm, password }, algorithm, hashes);
  const auth = challenge.auth ? { auth: { cnonce, nonceCount } } : {};
  const response = digestResponse({ algorithm, ha1, nonce, method, uri, ...auth }, hashes);
  const protection = challenge.auth
    ? `, qop=auth, cnonce="${cnonce}", nc=${printNonceCount(nonceCount)}`
    : '';
  const echo = opaque === undefined ? '' : `, opaque="${opaque}"`;
  return `Digest username=${quote(username)}, realm=${quote(realm)}, nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}${protection}${echo}`;
}
