import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerTo, type Capabilities } from './answer.ts';
import { type Codec, codecsOf, PCMA, PCMU, TELEPHONE_EVENT } from './codec.ts';
import { type Direction, mediaDirection, withDirection } from './direction.ts';
import { offerFor } from './offer.ts';
import { parseSession } from './parse-session.ts';
import { printSession } from './print-session.ts';
import { remoteMedia } from './remote-media.ts';
import type { Session } from './session.ts';

const OURS: Capabilities = {
  sessionId: '7',
  version: '1',
  address: '192.0.2.1',
  port: 20_000,
  codecs: [PCMU, PCMA, TELEPHONE_EVENT],
};
const MAKER = { sessionId: '9', version: '1' };

function offer(codecs: readonly Codec[], direction: Direction = 'sendrecv'): Session {
  return offerFor(codecs, '192.0.2.7', 4000, { ...MAKER, direction });
}

function answered(session: Session, capabilities: Capabilities = OURS): Session {
  const answer = answerTo(session, capabilities);
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value;
}

function audioOf(session: Session) {
  const audio = session.media.find(({ kind, port }) => kind === 'audio' && port !== 0);
  if (audio === undefined) throw new Error('no audio');
  return audio;
}

describe('an offer', () => {
  it('says what we receive, where, and in which codecs', () => {
    expect(
      printSession(offerFor([PCMU, TELEPHONE_EVENT], '2001:db8::1', 4000, { ...MAKER, packetTimeMs: 20 })),
    ).toBe(
      [
        'v=0',
        'o=- 9 1 IN IP6 2001:db8::1',
        's=-',
        'c=IN IP6 2001:db8::1',
        't=0 0',
        'm=audio 4000 RTP/AVP 0 101',
        'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:101 telephone-event/8000',
        'a=fmtp:101 0-15',
        'a=ptime:20',
        'a=sendrecv',
        '',
      ].join('\r\n'),
    );
  });

  it('RFC 3264 §8: a changed one has the next version', () => {
    const held = withDirection(offer([PCMU]), 'sendonly');
    expect(held.origin).toMatchObject({ sessionId: '9', version: '2' });
    expect(remoteMedia(held)?.direction).toBe('sendonly');
    expect(remoteMedia(withDirection(held, 'sendrecv'))).toEqual(remoteMedia(offer([PCMU])));
  });
});

describe('an answer', () => {
  it('RFC 3264 §6.1: has the codecs in common, in the order and with the payload types of the offer', () => {
    const opus: Codec = { payloadType: 96, name: 'opus', clockRate: 48_000, channels: 2 };
    const answer = answered(offer([opus, PCMA, { ...TELEPHONE_EVENT, payloadType: 97 }, PCMU]));
    expect(audioOf(answer).formats).toEqual(['8', '97', '0']);
    expect(remoteMedia(answer)?.telephoneEvent).toEqual({ ...TELEPHONE_EVENT, payloadType: 97 });
  });

  it('finds a codec under another payload type and in another case', () => {
    const answer = answered(offer([{ ...PCMU, payloadType: 110, name: 'pcmu' }]));
    expect(codecsOf(audioOf(answer))).toEqual([{ ...PCMU, payloadType: 110 }]);
  });

  it('RFC 4733 §2.3: has no digits on another clock than its sound', () => {
    const wide: Codec = { ...TELEPHONE_EVENT, payloadType: 99, clockRate: 48_000 };
    const answer = answered(offer([PCMU, wide, TELEPHONE_EVENT]), {
      ...OURS,
      codecs: [PCMU, TELEPHONE_EVENT, wide],
    });
    expect(audioOf(answer).formats).toEqual(['0', '101']);
  });

  it.each<[Direction, Direction, Direction]>([
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['sendrecv', 'inactive', 'inactive'],
  ])('RFC 3264 §6.1: to %s, where we want %s, is %s', (offered, wanted, expected) => {
    const answer = answered(offer([PCMU], offered), { ...OURS, direction: wanted });
    expect(mediaDirection(answer, audioOf(answer))).toBe(expected);
  });

  it('RFC 3264 §8.4: to an offer at 0.0.0.0 sends nothing', () => {
    const held = { ...offer([PCMU]), connection: { address: '0.0.0.0' } };
    const answer = answered(held);
    expect(mediaDirection(answer, audioOf(answer))).toBe('recvonly');
  });

  it('RFC 3264 §6: keeps every medium in its place and refuses with port 0 what it does not take', () => {
    const [audio] = offer([PCMU]).media;
    if (audio === undefined) throw new Error('no audio');
    const several: Session = {
      ...offer([PCMU]),
      times: ['1 2'],
      media: [
        { ...audio, kind: 'video', formats: ['96', '97'] },
        { ...audio, protocol: 'UDP/TLS/RTP/SAVPF' },
        { ...audio, port: 0 },
        audio,
        audio,
      ],
    };
    const answer = answered(several);
    expect(answer.times).toEqual(['1 2']);
    expect(answer.media.map(({ kind, port }) => [kind, port])).toEqual([
      ['video', 0],
      ['audio', 0],
      ['audio', 0],
      ['audio', 20_000],
      ['audio', 0],
    ]);
    expect(answer.media[0]?.formats).toEqual(['96', '97']);
  });

  it.each([
    ['no codec is in common', offer([{ payloadType: 18, name: 'G729', clockRate: 8000, channels: 1 }])],
    ['only digits are in common', offer([TELEPHONE_EVENT])],
    ['nothing is offered', { ...offer([PCMU]), media: [] }],
  ])('RFC 3261 §13.3.1.3: is a 488 where %s', (_, session) => {
    expect(answerTo(session, OURS)).toMatchObject({ ok: false, problem: { status: 488 } });
  });

  it('RFC 3264 §6: has as many media as the offer, and formats of the offer alone', () => {
    const codec = fc.record({
      payloadType: fc.integer({ min: 96, max: 127 }),
      name: fc.constantFrom('PCMU', 'PCMA', 'opus', 'telephone-event'),
      clockRate: fc.constantFrom(8000, 48_000),
      channels: fc.constantFrom(1, 2),
    });
    const codecs = fc.uniqueArray(codec, {
      minLength: 1,
      maxLength: 6,
      selector: ({ payloadType }) => payloadType,
    });
    fc.assert(
      fc.property(codecs, codecs, (offered, own) => {
        const session = offer(offered);
        const answer = answerTo(session, { ...OURS, codecs: own });
        if (!answer.ok) return;
        expect(answer.value.media.length).toBe(session.media.length);
        const formats = audioOf(session).formats;
        for (const format of audioOf(answer.value).formats) expect(formats).toContain(format);
        expect(parseSession(printSession(answer.value))).toEqual({ ok: true, value: answer.value });
      }),
    );
  });
});
