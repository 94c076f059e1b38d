import { hash } from 'node:crypto';
import { fields } from './reading.ts';

/**
 * The Authorization field for the last challenge that names this algorithm (RFC 7616 §3.4, qop=auth), or
 * undefined where none does.
 */
export function answerChallenge(
  challenge: string,
  of: {
    readonly user: string;
    readonly password: string;
    readonly method: string;
    readonly uri: string;
    readonly algorithm?: 'MD5' | 'SHA-256';
  },
): string | undefined {
  const { user, password, method, uri, algorithm = 'MD5' } = of;
  const offered = fields(challenge, 'WWW-Authenticate').findLast((value) =>
    new RegExp(`algorithm="?${algorithm}"?(,|$)`, 'i').test(value),
  );
  if (offered === undefined) return undefined;
  const realm = /realm="([^"]*)"/.exec(offered)?.[1] ?? '';
  const nonce = /nonce="([^"]*)"/.exec(offered)?.[1] ?? '';
  const digest = (text: string) => hash(algorithm === 'MD5' ? 'md5' : 'sha256', text);
  const secret = digest(`${user}:${realm}:${password}`);
  const response = digest(`${secret}:${nonce}:00000001:raw:auth:${digest(`${method}:${uri}`)}`);
  return [
    `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`,
    `algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="raw"`,
  ].join(', ');
}
