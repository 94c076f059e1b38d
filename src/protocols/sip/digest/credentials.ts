import { malformed, type Parsed, parsed, type SipRequest } from '../message/index.ts';
import { algorithmNamed, type DigestAlgorithm, digestLength } from './algorithm.ts';
import {
  type AuthParameters,
  authScheme,
  parseAuthParameters,
  quotedText,
  tokenText,
  unescapeQuoted,
} from './auth-parameters.ts';

/** The answer to a challenge, as in Authorization or Proxy-Authorization (RFC 7616 §3.4). */
export type Credentials = {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** The URI the answer was made for; a phone may write another than the Request-URI. */
  readonly uri: string;
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal, of the algorithm's length. */
  readonly response: string;
  /** Absent in answers of the form of RFC 2069, which a client without qop makes. */
  readonly auth?: { readonly cnonce: string; readonly nonceCount: number };
};

/** Reads one Authorization or Proxy-Authorization value; whatever we would not have asked for is malformed. */
export function parseCredentials(value: string): Parsed<Credentials> {
  if (authScheme(value) !== 'digest') return malformed('The credentials are not those of Digest.');
  const parameters = parseAuthParameters(value);
  if (!parameters.ok) return parameters;
  const username = quotedText(parameters.value, 'username');
  const realm = quotedText(parameters.value, 'realm');
  const nonce = quotedText(parameters.value, 'nonce');
  const uri = quotedText(parameters.value, 'uri');
  const response = quotedText(parameters.value, 'response')?.toLowerCase();
  if (username === undefined || realm === undefined || nonce === undefined || uri === undefined) {
    return malformed('The credentials lack username, realm, nonce or uri, or have one without its quotes.');
  }
  const algorithm = algorithmNamed(tokenText(parameters.value, 'algorithm'));
  if (algorithm === undefined) return malformed('The algorithm of the credentials was not offered.');
  if (response?.length !== digestLength(algorithm) || !/^[0-9a-f]+$/.test(response)) {
    return malformed('The response of the credentials is not of the form of its algorithm.');
  }
  const auth = protectionOf(parameters.value);
  if (!auth.ok) return auth;
  return parsed({
    username: unescapeQuoted(username),
    realm: unescapeQuoted(realm),
    nonce,
    uri,
    algorithm,
    response,
    ...auth.value,
  });
}

/**
 * The credentials of a request for one realm; undefined where it has none. A request may carry those of other
 * realms as well (RFC 3261 §22.3), but of one realm only once (RFC 8760 §2.4).
 */
export function credentialsOf(
  request: SipRequest,
  header: 'Authorization' | 'Proxy-Authorization',
  realm: string,
): Parsed<Credentials | undefined> {
  let found: Credentials | undefined;
  for (const field of request.headers) {
    if (field.name !== header || authScheme(field.value) !== 'digest') continue;
    const credentials = parseCredentials(field.value);
    if (!credentials.ok) return credentials;
    if (credentials.value.realm !== realm) continue;
    if (found !== undefined) return malformed('The request has two credentials for the same realm.');
    found = credentials.value;
  }
  return parsed(found);
}

/** `qop`, `nc` and `cnonce` come together or not at all (RFC 7616 §3.4). */
function protectionOf(parameters: AuthParameters): Parsed<Pick<Credentials, 'auth'>> {
  const qop = tokenText(parameters, 'qop');
  const cnonce = quotedText(parameters, 'cnonce');
  const count = tokenText(parameters, 'nc');
  // RFC 2069: some clients send a cnonce without qop; it is no part of the answer then.
  if (qop === undefined) return parsed({});
  if (qop.toLowerCase() !== 'auth') return malformed('The qop of the credentials was not offered.');
  if (cnonce === undefined || count === undefined || !/^[0-9a-fA-F]{8}$/.test(count)) {
    return malformed('The credentials have a qop without cnonce, or without nc of eight digits.');
  }
  return parsed({ auth: { cnonce, nonceCount: Number.parseInt(count, 16) } });
}
