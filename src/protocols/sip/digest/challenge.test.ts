import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import {
  answerChallenge,
  challengeValues,
  digestSecret,
  type Hashes,
  parseChallenge,
  parseCredentials,
  printChallenge,
  strongestChallenge,
  verifyResponse,
} from './index.ts';

const hashes: Hashes = { md5: (text) => hash('md5', text), sha256: (text) => hash('sha256', text) };
const BOTH = ['MD5', 'SHA-256'] as const;
const asked = { realm: 'omnidial', nonce: 'n1', stale: false };
const account = { username: 'al"ice', password: 'a secret' };

describe('a challenge', () => {
  it('RFC 8760 §2.4: offers SHA-256 first and MD5 last, in a header each', () => {
    expect(challengeValues(asked, BOTH)).toEqual([
      'Digest realm="omnidial", nonce="n1", algorithm=SHA-256, qop="auth"',
      'Digest realm="omnidial", nonce="n1", algorithm=MD5, qop="auth"',
    ]);
    expect(challengeValues({ ...asked, stale: true }, BOTH)[1]).toMatch(/, stale=true$/);
  });

  it('is read as it was printed', () => {
    const challenge = {
      realm: 'the "realm"',
      nonce: 'n1',
      algorithm: 'SHA-256',
      auth: true,
      stale: true,
      opaque: 'o1',
    } as const;
    expect(parseChallenge(printChallenge(challenge))).toEqual({ ok: true, value: challenge });
  });

  it.each([
    ['another scheme', 'Basic realm="omnidial"'],
    ['an algorithm nobody here speaks', 'Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth"'],
    ['auth-int alone', 'Digest realm="r", nonce="n", qop="auth-int"'],
    ['no nonce', 'Digest realm="r"'],
  ])('cannot be answered with %s', (_what, value) => {
    expect(parseChallenge(value)).toEqual({ ok: true, value: undefined });
  });
});

describe('the answer of a client', () => {
  const register = sipRequest('REGISTER');
  const challenged = (status: number, header: string, values: string[]) =>
    sipResponse(register, status, { [header]: values });
  const answered = (response: ReturnType<typeof sipResponse>) => {
    const received = strongestChallenge(response);
    if (received === undefined) throw new Error('There was a challenge.');
    const wish = { ...account, method: 'REGISTER', uri: 'sip:omnidial', cnonce: 'c1', nonceCount: 10 };
    return { ...received, value: answerChallenge(received.challenge, wish, hashes) };
  };

  it.each([
    ['in our order', challengeValues(asked, BOTH)],
    ['reordered on the way', challengeValues(asked, BOTH).reverse()],
  ])('RFC 8760 §2.4: takes the strongest algorithm, %s, and convinces the server', (_order, values) => {
    const { value, answerIn, challenge } = answered(challenged(401, 'WWW-Authenticate', values));
    expect(answerIn).toBe('Authorization');
    const credentials = parseCredentials(value);
    if (!credentials.ok) throw new Error(credentials.problem.detail);
    expect(credentials.value).toMatchObject({ algorithm: 'SHA-256', auth: { nonceCount: 10 } });
    const ha1 = digestSecret({ ...account, realm: challenge.realm }, 'SHA-256', hashes);
    expect(verifyResponse(credentials.value, ha1, 'REGISTER', hashes)).toBe(true);
  });

  it('goes into Proxy-Authorization after a 407, and gives the opaque back', () => {
    const values = ['Digest realm="proxy", nonce="n2", opaque="o2", algorithm=MD5'];
    const { value, answerIn } = answered(challenged(407, 'Proxy-Authenticate', values));
    expect(answerIn).toBe('Proxy-Authorization');
    expect(value).toContain('opaque="o2"');
    expect(value).not.toContain('qop');
  });

  it('is none where nothing asked can be answered', () => {
    expect(
      strongestChallenge(challenged(401, 'WWW-Authenticate', ['Basic realm="x"', 'Digest ,'])),
    ).toBeUndefined();
  });
});
