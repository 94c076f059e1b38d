import { type Parsed, parsed } from '../message/index.ts';
import { algorithmNamed, type DigestAlgorithm, STRONGEST_FIRST } from './algorithm.ts';
import {
  authScheme,
  parseAuthParameters,
  quote,
  quotedText,
  tokenText,
  unescapeQuoted,
} from './auth-parameters.ts';

/** What WWW-Authenticate and Proxy-Authenticate ask (RFC 7616 §3.3). */
export type Challenge = {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  /** Whether an answer with `qop=auth` is wanted; without, the challenge is of the form of RFC 2069. */
  readonly auth: boolean;
  /** The last answer was refused for its nonce and not for its password: answer again without asking anybody. */
  readonly stale: boolean;
  readonly opaque?: string;
};

/**
 * The values of the WWW-Authenticate headers of a challenge, one for each algorithm, strongest first as RFC 8760
 * §2.4 has it: a phone takes the first it knows. JsSIP takes the last, which is MD5 so.
 */
export function challengeValues(
  challenge: Pick<Challenge, 'realm' | 'nonce' | 'stale'>,
  offered: readonly DigestAlgorithm[],
): string[] {
  return STRONGEST_FIRST.filter((algorithm) => offered.includes(algorithm)).map((algorithm) =>
    printChallenge({ ...challenge, algorithm, auth: true }),
  );
}

/** Writes one challenge; qop is quoted and algorithm and stale are not (RFC 7616 §3.3). */
export function printChallenge({ realm, nonce, algorithm, auth, stale, opaque }: Challenge): string {
  const text = `Digest realm=${quote(realm)}, nonce="${nonce}", algorithm=${algorithm}`;
  return `${text}${auth ? ', qop="auth"' : ''}${stale ? ', stale=true' : ''}${opaque === undefined ? '' : `, opaque="${opaque}"`}`;
}

/** Reads one challenge; undefined where it cannot be answered here: another scheme, algorithm or qop. */
export function parseChallenge(value: string): Parsed<Challenge | undefined> {
  if (authScheme(value) !== 'digest') return parsed(undefined);
  const parameters = parseAuthParameters(value);
  if (!parameters.ok) return parameters;
  const realm = quotedText(parameters.value, 'realm');
  const nonce = quotedText(parameters.value, 'nonce');
  const algorithm = algorithmNamed(tokenText(parameters.value, 'algorithm'));
  const qop = tokenText(parameters.value, 'qop');
  const auth = qop?.split(',').some((option) => option.trim().toLowerCase() === 'auth') ?? false;
  const answerable = algorithm !== undefined && (auth || qop === undefined);
  if (realm === undefined || nonce === undefined || !answerable) return parsed(undefined);
  const opaque = quotedText(parameters.value, 'opaque');
  return parsed({
    realm: unescapeQuoted(realm),
    nonce,
    algorithm,
    auth,
    stale: tokenText(parameters.value, 'stale')?.toLowerCase() === 'true',
    ...(opaque === undefined ? {} : { opaque }),
  });
}
