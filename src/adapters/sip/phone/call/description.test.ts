import { describe, expect, it } from 'vitest';
import { answerTo, offerOf, termsOf } from './description.ts';
import type { LocalSound } from './sound-terms.ts';

const ours: LocalSound = {
  address: '192.0.2.1',
  port: 4000,
  sessionId: 7,
  version: 1,
  direction: 'sendrecv',
};
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const bytes = (...lines: string[]) => new TextEncoder().encode(`${lines.join('\r\n')}\r\n`);

const HEAD = ['v=0', 'o=- 1 1 IN IP4 192.0.2.2', 's=-', 'c=IN IP4 192.0.2.2', 't=0 0'];

describe('offer and answer', () => {
  it('of two phones agree, whatever direction each has', () => {
    const answer = answerTo(offerOf(ours), { ...ours, address: '192.0.2.2', port: 5000 });
    expect(answer?.terms).toEqual({
      remote: { address: '192.0.2.1', port: 4000 },
      law: 'PCMU',
      telephoneEvents: 101,
      direction: 'sendrecv',
    });
    expect(termsOf(answer?.body ?? bytes(), 'sendrecv')?.remote).toEqual({
      address: '192.0.2.2',
      port: 5000,
    });
  });

  it.each([
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendonly', 'sendonly', 'inactive'],
    ['recvonly', 'sendrecv', 'sendonly'],
  ] as const)('RFC 3264 §6.1: %s is answered by one who wants %s with %s', (theirs, wanted, expected) => {
    const offer = offerOf({ ...ours, direction: theirs });
    const answer = answerTo(offer, { ...ours, direction: wanted });
    expect(answer?.terms.direction).toBe(expected);
    expect(text(answer?.body)).toContain(`a=${expected}\r\n`);
  });

  it('RFC 3264 §6: other streams are refused, in their places', () => {
    const offer = bytes(
      ...HEAD,
      'm=video 6000 RTP/AVP 96',
      'm=audio 5000 RTP/AVP 111 8 0 97',
      'a=rtpmap:97 telephone-event/8000',
    );
    const answer = answerTo(offer, ours);
    expect(answer?.terms).toMatchObject({ law: 'PCMA', telephoneEvents: 97 });
    expect(text(answer?.body)).toMatch(/m=video 0 RTP\/AVP 96\r\nm=audio 4000 RTP\/AVP 8 0 97\r\n/);
  });

  it('RFC 3264 §8.4: a connection address of zeros holds', () => {
    const offer = bytes(...HEAD.with(3, 'c=IN IP4 0.0.0.0'), 'm=audio 5000 RTP/AVP 0');
    expect(answerTo(offer, ours)?.terms.direction).toBe('recvonly');
  });

  it.each([
    ['another codec', 'm=audio 5000 RTP/AVP 111'],
    ['a refused stream', 'm=audio 0 RTP/AVP 0'],
    ['encrypted sound', 'm=audio 5000 RTP/SAVP 0'],
    ['nothing', 'a=sendrecv'],
  ])('%s is not answered', (_, line) => {
    expect(answerTo(bytes(...HEAD, line), ours)).toBeUndefined();
    expect(termsOf(bytes(...HEAD, line), 'sendrecv')).toBeUndefined();
  });
});
