import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecsOf } from './codec.ts';
import { parseSession } from './parse-session.ts';
import { printSession } from './print-session.ts';
import { remoteMedia } from './remote-media.ts';
import type { Session } from './session.ts';

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('');

/** In the shape of what these phones send, with addresses for documentation. */
const PHONES = {
  baresip: lines(
    'v=0',
    'o=- 1622545201 283964921 IN IP4 192.0.2.7',
    's=-',
    'c=IN IP4 192.0.2.7',
    't=0 0',
    'a=tool:baresip 1.0.0',
    'm=audio 10160 RTP/AVP 0 101',
    'b=AS:125',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=rtcp:10161',
    'a=rtcp-rsize',
    'a=ssrc:2087473905 cname:sip:kim@192.0.2.7',
    'a=sendrecv',
    'a=label:1',
    'a=ptime:20',
  ),
  linphone: lines(
    'v=0',
    'o=kim 3547 2168 IN IP4 192.0.2.7',
    's=Talk',
    'c=IN IP4 192.0.2.7',
    't=0 0',
    'a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics',
    'a=record:off',
    'm=audio 7078 RTP/AVPF 96 97 98 0 8 18 101 99 100',
    'a=rtpmap:96 opus/48000/2',
    'a=fmtp:96 useinbandfec=1',
    'a=rtpmap:97 speex/16000',
    'a=fmtp:97 vbr=on',
    'a=rtpmap:98 speex/8000',
    'a=fmtp:98 vbr=on',
    'a=fmtp:18 annexb=yes',
    'a=rtpmap:101 telephone-event/48000',
    'a=rtpmap:99 telephone-event/16000',
    'a=rtpmap:100 telephone-event/8000',
    'a=rtcp-fb:* trr-int 1000',
    'a=rtcp-fb:* ccm tmmbr',
  ),
  SIPp: lines(
    'v=0',
    'o=user1 53655765 2353687637 IN IP4 192.0.2.7',
    's=-',
    'c=IN IP4 192.0.2.7',
    't=0 0',
    'm=audio 6000 RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
  ),
  JsSIP: lines(
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS 3f9a',
    'm=audio 49203 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
    'c=IN IP4 192.0.2.7',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=candidate:1467250027 1 udp 2122260223 192.0.2.7 49203 typ host generation 0 network-id 1',
    'a=ice-ufrag:Yk2b',
    'a=ice-pwd:p2mRJ0hvWmJzJ2q0fJ2x0w4J',
    'a=fingerprint:sha-256 12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD',
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2',
    'a=rtpmap:110 telephone-event/48000',
    'a=rtpmap:126 telephone-event/8000',
  ),
};

function read(text: string): Session {
  const session = parseSession(text);
  if (!session.ok) throw new Error(session.problem.detail);
  return session.value;
}

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,8}$/);
const line = fc.stringMatching(/^[!-~](?:[ -~]{0,20}[!-~])?$/);
const digits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().filter((text) => text.includes(':')),
  word,
);
const connection = fc.option(fc.record({ address }), { nil: undefined });
const attribute = fc.oneof(fc.record({ name: word }), fc.record({ name: word, value: line }));
const others = (types: string) => fc.record({ type: fc.constantFrom(...types), value: line });

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}

const media = fc
  .record({
    kind: fc.constantFrom('audio', 'video', 'image'),
    port: fc.nat(65_535),
    ports: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    protocol: fc.constantFrom('RTP/AVP', 'UDP/TLS/RTP/SAVPF', 'udptl'),
    formats: fc.array(fc.constantFrom('0', '8', '101', 't38'), { minLength: 1, maxLength: 4 }),
    connection,
    others: fc.array(others('i'), { maxLength: 1 }),
    attributes: fc.array(attribute, { maxLength: 4 }),
  })
  .map(withoutUndefined);

const session = fc
  .record({
    origin: fc.record({ username: word, sessionId: digits, version: digits, address }),
    name: line,
    connection,
    times: fc.array(fc.constantFrom('0 0', '3034423619 3042462419'), { minLength: 1, maxLength: 2 }),
    others: fc.array(others('b'), { maxLength: 2 }),
    attributes: fc.array(attribute, { maxLength: 4 }),
    media: fc.array(media, { maxLength: 3 }),
  })
  .map((value) => withoutUndefined(value) as Session);

describe('a session description', () => {
  it.each(Object.entries(PHONES))('of %s is printed as it was read', (_, text) => {
    expect(printSession(read(text))).toBe(text);
  });

  it('RFC 8866: is read as it was printed', () => {
    fc.assert(
      fc.property(session, (value) => {
        expect(read(printSession(value))).toEqual(value);
      }),
    );
  });

  it('never makes the reader throw, and what it accepts is printed and read again as the same', () => {
    const seed = Buffer.from(PHONES.linphone);
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc
        .constantFrom('\r\n', '\r\nb=AS:64\r\ni=x\r\n', 'm=', ' ', ':', '\0')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.nat(seed.length), fc.nat(8), noise, (at, taken, put) => {
        const read = parseSession(Buffer.concat([seed.subarray(0, at), put, seed.subarray(at + taken)]));
        if (read.ok) expect(parseSession(printSession(read.value))).toEqual(read);
      }),
      { numRuns: 3000 },
    );
  });

  it('may end its lines in LF alone, and lack s= and t=', () => {
    expect(read('v=0\no=- 1 1 IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0\n')).toMatchObject({
      name: '-',
      times: ['0 0'],
    });
  });

  it('RFC 8866 §5: lines of an unknown type are ignored', () => {
    expect(printSession(read(`${PHONES.SIPp}x=y\r\n`))).toBe(PHONES.SIPp);
  });

  it.each([
    ['does not begin with its version', 'o=- 1 1 IN IP4 192.0.2.1\r\n'],
    ['has another version', PHONES.SIPp.replace('v=0', 'v=1')],
    ['has no origin', PHONES.SIPp.replace(/o=.*\r\n/, '')],
    ['has two origins', PHONES.SIPp.replace(/(o=.*\r\n)/, '$1$1')],
    ['has an origin without numbers', PHONES.SIPp.replace('53655765', 'one')],
    ['has a port that is none', PHONES.SIPp.replace('6000', '66000')],
    ['has a medium without a format', PHONES.SIPp.replace('RTP/AVP 0', 'RTP/AVP')],
    ['has a connection of an unknown network', PHONES.SIPp.replace('c=IN IP4', 'c=ATM NSAP')],
    ['has an attribute without a name', PHONES.SIPp.replace('a=rtpmap', 'a=')],
    ['has a line without a type', `${PHONES.SIPp}hello\r\n`],
    ['has more media than anybody', PHONES.SIPp + 'm=audio 4000 RTP/AVP 0\r\n'.repeat(40)],
    ['has more lines than anybody', PHONES.SIPp + 'a=x\r\n'.repeat(2000)],
    ['has more formats than there are', PHONES.SIPp.replace('AVP 0', `AVP${' 0'.repeat(200)}`)],
    ['is empty', ''],
  ])('is refused where it %s', (_, text) => {
    expect(parseSession(text)).toMatchObject({ ok: false, problem: { status: 400 } });
  });
});

describe('a hostile session description', () => {
  it.each([
    ['spaces', `v=0\r\no=${'a '.repeat(50_000)}\r\n`],
    ['formats', `v=0\r\nm=audio 1 RTP/AVP${'  1'.repeat(50_000)} \t\r\n`],
    ['lines', `v=0\r\n${'\r\n'.repeat(50_000)}`],
    [
      'attributes',
      `v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 1 RTP/AVP${' 111'.repeat(128)}\r\n${'a=rtpmap:110 a/8000\r\n'.repeat(990)}`,
    ],
  ])('of many %s takes no time', (_, text) => {
    const startMs = performance.now();
    const session = parseSession(text);
    if (session.ok) remoteMedia(session.value);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});

describe('the far end of a session', () => {
  it('RFC 3551 §6: payload types that everybody knows need no rtpmap', () => {
    const [audio] = read(PHONES.linphone).media;
    expect(audio && codecsOf(audio).map(({ name, payloadType }) => `${payloadType} ${name}`)).toEqual([
      ...['96 opus', '97 speex', '98 speex', '0 PCMU', '8 PCMA', '18 G729'],
      ...['101 telephone-event', '99 telephone-event', '100 telephone-event'],
    ]);
  });

  it.each([
    [
      'baresip',
      { address: '192.0.2.7', port: 10160, rtcpPort: 10161, direction: 'sendrecv', packetTimeMs: 20 },
    ],
    ['linphone', { address: '192.0.2.7', port: 7078, rtcpPort: 7079, direction: 'sendrecv' }],
    ['JsSIP', { address: '192.0.2.7', port: 49203, rtcpPort: 49203, direction: 'sendrecv' }],
  ] as const)('is found in what %s sends', (phone, expected) => {
    expect(remoteMedia(read(PHONES[phone]))).toMatchObject(expected);
  });

  it('RFC 4733: tells the payload type of digits apart from those of sound', () => {
    expect(remoteMedia(read(PHONES.baresip))).toMatchObject({
      codecs: [{ name: 'PCMU', payloadType: 0 }],
      telephoneEvent: { payloadType: 101, parameters: '0-15' },
    });
  });

  it.each([
    ['0.0.0.0 is on hold', 'c=IN IP4 0.0.0.0', '', 'sendonly'],
    ['sendonly', 'c=IN IP4 192.0.2.7', 'a=sendonly\r\n', 'sendonly'],
    ['recvonly at 0.0.0.0 does nothing', 'c=IN IP4 0.0.0.0', 'a=recvonly\r\n', 'inactive'],
    ['inactive', 'c=IN IP4 192.0.2.7', 'a=inactive\r\n', 'inactive'],
  ])('RFC 3264 §8.4: %s', (_, connectionLine, attributeLine, direction) => {
    const text = PHONES.SIPp.replace(/c=.*/, connectionLine) + attributeLine;
    expect(remoteMedia(read(text))?.direction).toBe(direction);
  });

  it('is nowhere where every medium is refused, or no address is told', () => {
    expect(remoteMedia(read(PHONES.SIPp.replace('6000', '0')))).toBeUndefined();
    expect(remoteMedia(read(PHONES.SIPp.replace(/c=.*\r\n/, '')))).toBeUndefined();
    expect(remoteMedia(read(PHONES.SIPp), 'video')).toBeUndefined();
  });
});
