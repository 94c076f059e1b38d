import { describe, expect, it } from 'vitest';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { trunkNamed } from '../../../../test/support/trunks/index.ts';
import { headerValue, responseTo, type SipRequest } from '../../../protocols/sip/message/index.ts';
import { withCredentials } from './trunk-lines.ts';

const trunk = trunkNamed('a', { credentials: { user: 'us', password: 'pw' } });

function challenge(request: SipRequest, status: 401 | 407, value: string) {
  const response = responseTo(request, status, undefined, 'carrier');
  const name = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
  return { ...response, headers: [...response.headers, { name, value }] };
}

const MD5 = 'Digest realm="carrier.example", nonce="n1", qop="auth"';

describe('the credentials of a trunk', () => {
  const invite = sipRequest('INVITE');
  const answered = withCredentials(trunk, challenge(invite, 407, MD5), invite);

  it('RFC 3261 §22.2: answer a challenge with the next number', () => {
    const before = Number.parseInt(headerValue(invite, 'CSeq') ?? '', 10);
    expect(headerValue(answered ?? invite, 'CSeq')).toBe(`${before + 1} INVITE`);
    expect(headerValue(answered ?? invite, 'Proxy-Authorization')).toMatch(
      /username="us", realm="carrier.example"/,
    );
  });

  it('RFC 3261 §22.2: are not said twice to whoever refused them', () => {
    if (answered === undefined) throw new Error('The first challenge was not answered.');
    expect(withCredentials(trunk, challenge(answered, 407, MD5), answered)).toBeUndefined();
  });

  it('RFC 7616 §3.3: are said again where the nonce was stale, and to a server behind the first', () => {
    if (answered === undefined) throw new Error('The first challenge was not answered.');
    const stale = 'Digest realm="carrier.example", nonce="n2", qop="auth", stale=true';
    const again = withCredentials(trunk, challenge(answered, 407, stale), answered);
    expect(headerValue(again ?? answered, 'Proxy-Authorization')).toContain('nonce="n2"');
    const behind = withCredentials(trunk, challenge(answered, 401, MD5), answered);
    expect(headerValue(behind ?? answered, 'Authorization')).toContain('nonce="n1"');
  });

  it('are for their realm alone', () => {
    const elsewhere = trunkNamed('a', {
      credentials: { user: 'us', password: 'pw', realm: 'another.example' },
    });
    expect(withCredentials(elsewhere, challenge(invite, 407, MD5), invite)).toBeUndefined();
    expect(withCredentials(trunkNamed('b'), challenge(invite, 407, MD5), invite)).toBeUndefined();
  });
});
