import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { credentialsOf, parseCredentials } from './index.ts';

const RESPONSE = '0123456789abcdef0123456789abcdef';
const COMMON = `username="alice", realm="omnidial", nonce="n1", uri="sip:omnidial", response="${RESPONSE}"`;

/** How the phones of the interoperability tests write their answers. */
const FROM_PHONES = {
  baresip: `Digest username="alice", realm="omnidial", nonce="n1", uri="sip:omnidial", response="${RESPONSE}", cnonce="89abcdef01234567", qop=auth, nc=00000001, algorithm=MD5`,
  JsSIP: `Digest algorithm=MD5, username="alice", realm="omnidial", nonce="n1", uri="sip:omnidial", response="${RESPONSE}", qop=auth, cnonce="89abcdef01234567", nc=00000001`,
  SIPp: `Digest username="alice",realm="omnidial",cnonce="89abcdef01234567",nc=00000001,qop=auth,uri="sip:omnidial",nonce="n1",response="${RESPONSE}",algorithm=MD5`,
  linphone: `Digest realm="omnidial", nonce="n1", algorithm=MD5, username="alice",  uri="sip:omnidial", response="${RESPONSE}", cnonce="89abcdef01234567", nc=00000001, qop=auth`,
  'an old phone that quotes tokens': `Digest ${COMMON}, algorithm="MD5", qop="auth", nc="00000001", cnonce="89abcdef01234567"`,
};

describe('credentials', () => {
  it.each(Object.entries(FROM_PHONES))('are read as %s writes them', (_phone, value) => {
    expect(parseCredentials(value)).toEqual({
      ok: true,
      value: {
        username: 'alice',
        realm: 'omnidial',
        nonce: 'n1',
        uri: 'sip:omnidial',
        algorithm: 'MD5',
        response: RESPONSE,
        auth: { cnonce: '89abcdef01234567', nonceCount: 1 },
      },
    });
  });

  it('RFC 2069: an answer without qop has no count, and MD5 is what is meant by no algorithm', () => {
    const read = parseCredentials(`DIGEST ${COMMON}, cnonce="ignored"`);
    expect(read).toMatchObject({ ok: true, value: { algorithm: 'MD5', response: RESPONSE } });
    expect(read.ok && 'auth' in read.value).toBe(false);
  });

  it('RFC 3261 §25.1: a comma, an equals sign and an escaped quote stand inside quotes', () => {
    const value = `Digest ${COMMON.replace('"alice"', '"a, b=\\"c\\""')}`;
    expect(parseCredentials(value)).toMatchObject({ ok: true, value: { username: 'a, b="c"' } });
  });

  it.each([
    ['another scheme', 'Basic YWxpY2U6c2VjcmV0'],
    ['no parameters', 'Digest'],
    ['a parameter that comes twice', `Digest ${COMMON}, nonce="n2"`],
    ['a parameter that comes twice in another case', `Digest ${COMMON}, Nonce="n2"`],
    ['a quote that is not closed', `Digest ${COMMON}, cnonce="open`],
    ['an empty item', `Digest ${COMMON}, , qop=auth`],
    ['a comma at the end', `Digest ${COMMON},`],
    ['a bare nonce', `Digest ${COMMON.replace('"n1"', 'n1')}`],
    ['no username', `Digest ${COMMON.replace('username="alice", ', '')}`],
    ['a response that is too short', `Digest ${COMMON.replace(RESPONSE, 'abc')}`],
    ['a response of another algorithm', `Digest ${COMMON}, algorithm=SHA-256`],
    ['a response that is not hexadecimal', `Digest ${COMMON.replace(RESPONSE, 'x'.repeat(32))}`],
    ['an algorithm that was not offered', `Digest ${COMMON}, algorithm=MD5-sess`],
    ['a qop that was not offered', `Digest ${COMMON}, qop=auth-int, cnonce="c", nc=00000001`],
    ['a qop without cnonce', `Digest ${COMMON}, qop=auth, nc=00000001`],
    ['a qop without nc', `Digest ${COMMON}, qop=auth, cnonce="c"`],
    ['an nc of seven digits', `Digest ${COMMON}, qop=auth, cnonce="c", nc=0000001`],
    ['a value without end', `Digest ${COMMON.replace('alice', 'a'.repeat(2000))}`],
  ])('are refused with %s', (_what, value) => {
    expect(parseCredentials(value)).toMatchObject({ ok: false, problem: { status: 400 } });
  });

  it('are read or refused whatever the text, without a throw', () => {
    const piece = fc.constantFrom(
      'Digest ',
      'nonce',
      '=',
      '"',
      '\\',
      ',',
      ' ',
      'a',
      'realm="r"',
      'nc=00000001',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))), (pieces) => {
        expect(typeof parseCredentials(pieces.join('')).ok).toBe('boolean');
      }),
    );
  });
});

describe('the credentials of a request', () => {
  const other = `Digest ${COMMON.replace('realm="omnidial"', 'realm="elsewhere"')}`;
  const find = (authorization: string[]) =>
    credentialsOf(
      sipRequest('REGISTER', { headers: { Authorization: authorization } }),
      'Authorization',
      'omnidial',
    );

  it('RFC 3261 §22.3: are those of our realm, whatever others there are', () => {
    expect(find([other, `Digest ${COMMON}`])).toMatchObject({ ok: true, value: { realm: 'omnidial' } });
    expect(find(['Bearer abc', other])).toEqual({ ok: true, value: undefined });
    expect(find([])).toEqual({ ok: true, value: undefined });
  });

  it('RFC 8760 §2.4: are refused where there are two for our realm', () => {
    expect(find([`Digest ${COMMON}`, `Digest ${COMMON}`])).toMatchObject({ ok: false });
  });
});
