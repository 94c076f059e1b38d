import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSession } from './parse-session.ts';
import { printSession } from './print-session.ts';
import { relayableAnswer, relayableOffer, relayedSession } from './relayed-session.ts';

const OFFER = [
  'v=0',
  'o=alice 1 7 IN IP4 10.0.0.5',
  's=-',
  'c=IN IP4 10.0.0.5',
  't=0 0',
  'a=group:BUNDLE a v',
  'm=video 6000 RTP/AVP 96',
  'a=rtpmap:96 VP8/90000',
  'm=audio 5000 RTP/AVP 0 111 101',
  'c=IN IP4 192.0.2.7',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 useinbandfec=1',
  'a=rtpmap:101 telephone-event/8000',
  'a=rtcp:5009',
  'a=rtcp-mux',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:secretsecretsecretsecret',
  'a=candidate:1 1 UDP 2130706431 10.0.0.5 5000 typ host',
  'a=sendonly',
  '',
].join('\r\n');

const PLACE = { address: '198.51.100.1', port: 40_000 };
const ORIGIN = { username: '-', sessionId: '99', version: '3' };

function offered(sdp: string) {
  const read = relayableOffer(sdp);
  if (!read.ok) throw new Error(read.problem.detail);
  return read.value;
}

function shown(sdp: string): string {
  return printSession(relayedSession(offered(sdp), PLACE, ORIGIN));
}

describe('a description that goes through a relay', () => {
  it('RFC 3264 §5: says where the sound is wanted, and what it is', () => {
    const { wanted, direction, index, clockRates } = offered(OFFER);
    expect(wanted).toEqual({ address: '192.0.2.7', port: 5000, rtcpPort: 5009 });
    expect({ direction, index }).toEqual({ direction: 'sendonly', index: 1 });
    expect([...clockRates]).toEqual([
      [0, 8000],
      [111, 48_000],
      [101, 8000],
    ]);
  });

  it('RFC 8839, RFC 5761: names the relay and no other path, and keeps the codecs', () => {
    expect(shown(OFFER).split('\r\n')).toEqual([
      'v=0',
      'o=- 99 3 IN IP4 198.51.100.1',
      's=-',
      'c=IN IP4 198.51.100.1',
      't=0 0',
      'm=video 0 RTP/AVP 96',
      'm=audio 40000 RTP/AVP 0 111 101',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 useinbandfec=1',
      'a=rtpmap:101 telephone-event/8000',
      'a=sendonly',
      '',
    ]);
  });

  it('RFC 3264 §8.4: a hold by 0.0.0.0 is written as a direction', () => {
    const held = OFFER.replace('192.0.2.7', '0.0.0.0').replace('a=sendonly', 'a=sendrecv');
    expect(offered(held).wanted).toBeUndefined();
    expect(shown(held)).toContain('a=sendonly');
    expect(shown(held)).not.toContain('0.0.0.0');
  });

  it('RFC 3264 §6: an answer may refuse the medium, and has to have it', () => {
    const refused = relayableAnswer(OFFER.replace('m=audio 5000', 'm=audio 0'), 1);
    expect(refused).toMatchObject({ ok: true, value: { direction: 'inactive' } });
    expect(relayableAnswer(OFFER, 0)).toMatchObject({ ok: false, problem: { status: 488 } });
    expect(relayableAnswer(OFFER, 2)).toMatchObject({ ok: false, problem: { status: 488 } });
  });

  it.each([
    ['no description', 'rubbish'],
    ['no audio', OFFER.replace('m=audio', 'm=image')],
    ['audio that is switched off', OFFER.replace('m=audio 5000', 'm=audio 0')],
    ['keys that travel on the path', OFFER.replaceAll('RTP/AVP', 'UDP/TLS/RTP/SAVPF')],
    ['encryption without keys', OFFER.replaceAll('RTP/AVP', 'RTP/SAVP')],
    ['a line within a line', OFFER.replace('a=sendonly', 'a=x:1\rc=IN IP4 203.0.113.9')],
  ])('RFC 3261 §21.4.26: %s is refused with 488', (_, sdp) => {
    expect(relayableOffer(sdp)).toMatchObject({ ok: false, problem: { status: 488 } });
  });

  it('RFC 4568: keys within the description are carried', () => {
    const keys = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc';
    const sdp = OFFER.replace('m=audio 5000 RTP/AVP', 'm=audio 5000 RTP/SAVP').replace('a=sendonly', keys);
    expect(shown(sdp)).toContain(keys);
  });

  it('R1: however it is mutated, it is refused, or shows the relay and nothing of the phone', () => {
    const mutation = fc.record({
      at: fc.nat(OFFER.length),
      removed: fc.nat(20),
      inserted: fc.oneof(
        fc.string({ maxLength: 10 }),
        fc.constantFrom('\r\n', 'c=IN IP4 10.0.0.5', 'm=audio 1 RTP/AVP 0', '\r', 'a=candidate:1'),
      ),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let sdp = OFFER;
        for (const { at, removed, inserted } of mutations)
          sdp = sdp.slice(0, at) + inserted + sdp.slice(at + removed);
        const read = relayableOffer(sdp);
        if (!read.ok) return;
        const again = parseSession(printSession(relayedSession(read.value, PLACE, ORIGIN)));
        expect(again.ok).toBe(true);
        if (!again.ok) return;
        const { media, connection, origin } = again.value;
        expect([connection, origin.address]).toEqual([{ address: PLACE.address }, PLACE.address]);
        expect(media.map(({ port }) => port).filter((port) => port !== 0)).toEqual([PLACE.port]);
        expect(media.flatMap((each) => each.connection ?? [])).toEqual([]);
        const names = media.flatMap(({ attributes }) => attributes.map(({ name }) => name));
        expect(names.filter((name) => name === 'candidate' || name.startsWith('ice-'))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
