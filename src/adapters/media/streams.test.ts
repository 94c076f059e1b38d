import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711, tone } from '../../protocols/audio/index.ts';
import type { RtpPacket } from '../../protocols/rtp/index.ts';
import { type Hearing, hear, hearRest, lostOf, NOTHING_HEARD } from './incoming-stream.ts';
import {
  FRAME_SAMPLES,
  nextPacket,
  type OutgoingStream,
  passFrames,
  pressDigit,
  startOutgoing,
} from './outgoing-stream.ts';

const PAYLOADS = { audio: 0, events: 101 };
const SPEECH = tone(440, 2_000);

/** The packets of `frames` frames of the speech. */
function send(frames: number, begin: OutgoingStream, firstFrame = 0): [OutgoingStream, RtpPacket[]] {
  let stream = begin;
  const packets: RtpPacket[] = [];
  for (let frame = firstFrame; frame < firstFrame + frames; frame += 1) {
    const sound = encodeG711('PCMU', SPEECH.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES));
    const [next, packet] = nextPacket(stream, PAYLOADS, sound);
    stream = next;
    if (packet !== undefined) packets.push(packet);
  }
  return [stream, packets];
}

function listen(packets: readonly RtpPacket[]) {
  let stream = NOTHING_HEARD;
  const heard: Hearing[] = [];
  for (const packet of packets) {
    const [next, now] = hear(stream, packet, [PAYLOADS.events]);
    stream = next;
    heard.push(...now);
  }
  const [end, rest] = hearRest(stream);
  const all = [...heard, ...rest];
  const samples = Int16Array.from(all.flatMap((each) => (each.kind === 'sound' ? [...each.samples] : [])));
  const digits = all.flatMap((each) => (each.kind === 'digit' ? [each.digit] : [])).join('');
  return { samples, digits, lost: lostOf(end), received: end.received };
}

const asHeard = (frames: number) =>
  decodeG711('PCMU', encodeG711('PCMU', SPEECH.subarray(0, frames * FRAME_SAMPLES)));

describe('a stream of sound', () => {
  it('is heard as it was sent, wherever its counters begin', () => {
    const start = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffff), fc.nat(0xffffffff));
    fc.assert(
      fc.property(start, ([ssrc, sequence, timestamp]) => {
        const [, packets] = send(20, startOutgoing(ssrc, sequence, timestamp));
        expect(listen(packets)).toMatchObject({ samples: asHeard(20), lost: 0, received: 20 });
      }),
      { numRuns: 30 },
    );
  });

  it('what is lost is silence of its length, and is counted', () => {
    const [, packets] = send(20, startOutgoing(1, 0xfff8, 0));
    const { samples, lost } = listen(packets.filter((_, index) => index !== 4 && index !== 12));
    const expected = asHeard(20);
    for (const frame of [4, 12]) expected.fill(0, frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);
    expect({ samples, lost }).toEqual({ samples: expected, lost: 2 });
  });

  it('frames that were not sent are a silence, and no loss', () => {
    const [before, first] = send(5, startOutgoing(1, 0, 0));
    const [, second] = send(10, passFrames(before, 3), 5);
    const { samples, lost } = listen([...first, ...second]);
    expect(samples.length).toBe(18 * FRAME_SAMPLES);
    expect(lost).toBe(0);
  });

  it('a new sender begins anew, and the loss before it stays counted', () => {
    const [, first] = send(5, startOutgoing(1, 0, 0));
    const [, second] = send(5, startOutgoing(2, 900, 77), 5);
    expect(listen([...first.toSpliced(2, 1), ...second])).toMatchObject({ lost: 1, received: 9 });
  });

  it('the other law is understood too, in the middle of a call', () => {
    const [stream, first] = send(5, startOutgoing(1, 0, 0));
    const frame = SPEECH.subarray(5 * FRAME_SAMPLES, 6 * FRAME_SAMPLES);
    const [, packet] = nextPacket(stream, { audio: 8 }, encodeG711('PCMA', frame));
    const { samples } = listen([...first, packet as RtpPacket]);
    expect(samples.subarray(5 * FRAME_SAMPLES)).toEqual(decodeG711('PCMA', encodeG711('PCMA', frame)));
  });
});

describe('RFC 4733: keys', () => {
  const pressed = [...'12#'].reduce(pressDigit, startOutgoing(1, 0, 0));

  it('each is heard once, in order, whatever of its packets but one is lost', () => {
    const [, packets] = send(60, pressed);
    expect(listen(packets).digits).toBe('12#');
    const isLast = (packet: RtpPacket, index: number) =>
      packet.payloadType !== 101 || packets[index + 1]?.payloadType !== 101;
    expect(listen(packets.filter(isLast)).digits).toBe('12#');
  });

  it('§2.5.1: all packets of a key have its first timestamp, only the first the marker', () => {
    const [, packets] = send(8, pressed);
    expect(packets.map(({ timestamp, marker }) => [timestamp, marker])).toEqual([
      [0, true],
      ...Array.from({ length: 7 }, () => [0, false]),
    ]);
  });

  it('two equal keys are two, with sound between them', () => {
    const [, packets] = send(60, [...'77'].reduce(pressDigit, startOutgoing(1, 0, 0)));
    expect(listen(packets).digits).toBe('77');
    expect(packets.slice(8, 13).map((packet) => packet.payloadType)).toEqual([0, 0, 0, 0, 0]);
  });

  it('wait where the other side knows none', () => {
    const [stream, packet] = nextPacket(pressed, { audio: 0 }, new Uint8Array(160));
    expect([packet?.payloadType, stream.waitingDigits]).toEqual([0, ['1', '2', '#']]);
  });
});

describe('RFC 2833: keys of senders with ways of their own', () => {
  /** A packet of an event, with what is usual where nothing is said. */
  function event(
    digit: number,
    timestamp: number,
    duration: number,
    { isEnd = false, marker = false, sequence = 0 } = {},
  ): RtpPacket {
    const payload = Uint8Array.of(digit, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 0xff);
    return { ssrc: 9, sequence, payloadType: 101, timestamp, marker, payload };
  }

  const durations = [160, 320, 480, 640];

  it('the end is repeated as often as one likes', () => {
    const ends = Array.from({ length: 10 }, () => event(5, 1_000, 640, { isEnd: true }));
    expect(listen([event(5, 1_000, 160, { marker: true }), ...ends]).digits).toBe('5');
  });

  it('the end never comes', () => {
    const key = (timestamp: number) => durations.map((duration) => event(5, timestamp, duration));
    expect(listen([...key(1_000), ...key(3_000)]).digits).toBe('55');
  });

  it('the first packet alone arrives, with a marker and no duration yet', () => {
    expect(listen([event(1, 1_000, 0, { marker: true })]).digits).toBe('1');
  });

  it('only ends arrive', () => {
    const end = (timestamp: number) => event(7, timestamp, 640, { isEnd: true });
    expect(listen([end(1_000), end(1_000), end(2_500)]).digits).toBe('77');
  });

  it('each packet has a timestamp of its own, and ends come a packet later each', () => {
    const key = (start: number, digit: number) => [
      ...durations.map((duration, at) => event(digit, start + at * 160, duration, { marker: at === 0 })),
      ...[4, 5, 6].map((at) => event(digit, start + at * 160, 640, { isEnd: true })),
    ];
    expect(listen([...key(1_000, 3), ...key(4_000, 3), ...key(7_000, 4)]).digits).toBe('334');
  });

  it('§2.5.1.3: a key that is held for longer than 8 s goes on with a new timestamp', () => {
    const segments = [0, 65_535].flatMap((start) => [event(0, start, 160), event(0, start, 65_535)]);
    expect(listen(segments).digits).toBe('0');
  });

  it('packets of the key before that come late say nothing', () => {
    const [one, two] = [event(1, 1_000, 640, { isEnd: true }), event(2, 3_000, 160, { marker: true })];
    expect(listen([one, two, one, two]).digits).toBe('12');
  });

  it('a clock that was set back, as after a transfer, is a new beginning', () => {
    expect(listen([event(1, 900_000, 640), event(1, 1_000, 640)]).digits).toBe('11');
  });
});

it('whatever arrives is heard or not, and nothing is thrown', () => {
  const packets = fc.record({
    payloadType: fc.constantFrom(0, 8, 101, 13),
    marker: fc.boolean(),
    sequence: fc.nat(0xffff),
    timestamp: fc.nat(0xffffffff),
    ssrc: fc.constantFrom(1, 2),
    payload: fc.uint8Array({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(packets, { maxLength: 30 }), (list) => {
      const { received, lost } = listen(list);
      expect(received).toBe(list.filter(({ payloadType }) => payloadType !== 13).length);
      expect(lost).toBeGreaterThanOrEqual(0);
    }),
  );
});
