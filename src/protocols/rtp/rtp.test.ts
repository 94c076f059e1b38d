import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtp, printRtp, type RtpPacket } from './packet.ts';
import { EMPTY_REORDERING, flush, type Heard, type Reordering, reorder } from './reordering.ts';
import { parseTelephoneEvent, pressKey } from './telephone-event.ts';

const packet = (index: number, base = 0): RtpPacket => ({
  payloadType: 0,
  marker: false,
  sequence: index & 0xffff,
  timestamp: (base + index * 4) >>> 0,
  ssrc: 7,
  payload: new Uint8Array(4).fill(index),
});

function hear(packets: readonly RtpPacket[]): Heard[] {
  let state: Reordering = EMPTY_REORDERING;
  const heard: Heard[] = [];
  for (const each of packets) {
    const [next, now] = reorder(state, each);
    state = next;
    heard.push(...now);
  }
  return [...heard, ...flush(state)[1]];
}

const audio = (index: number): Heard => ({ kind: 'audio', payload: packet(index).payload });

describe('RFC 3550 §5.1: the fixed header', () => {
  it('every packet survives printing and parsing', () => {
    const packets = fc.record({
      payloadType: fc.integer({ min: 0, max: 127 }),
      marker: fc.boolean(),
      sequence: fc.integer({ min: 0, max: 0xffff }),
      timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      ssrc: fc.integer({ min: 0, max: 0xffffffff }),
      payload: fc.uint8Array({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(packets, (each) => {
        expect(parseRtp(printRtp(each))).toEqual(each);
      }),
    );
  });

  it('contributing sources, extension and padding are read over', () => {
    const bytes = [0xb1, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0, 0, 0, 1, 8, 8, 8, 8, 5, 6, 0, 2];
    expect(parseRtp(Uint8Array.from(bytes))?.payload).toEqual(Uint8Array.of(5, 6));
  });

  it('whatever arrives, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = parseRtp(bytes);
        expect(read === undefined || read.payload.length <= bytes.length).toBe(true);
      }),
    );
  });
});

describe('putting packets back in order', () => {
  it('what arrives in another order is heard in the right one', () => {
    expect(hear([0, 2, 1, 3].map((index) => packet(index)))).toEqual([0, 1, 2, 3].map(audio));
  });

  it('what arrives twice is heard once, and what is late is dropped', () => {
    const order = [0, 1, 1, 2, 0, 3];
    expect(hear(order.map((index) => packet(index)))).toEqual([0, 1, 2, 3].map(audio));
  });

  it('what is lost is heard as silence of its length', () => {
    expect(hear([0, 1, 4].map((index) => packet(index)))).toEqual([
      audio(0),
      audio(1),
      { kind: 'silence', samples: 8 },
      audio(4),
    ]);
  });

  it('the timestamp runs over its 32 bits', () => {
    expect(hear([0, 1, 2, 3].map((index) => packet(index, 0xfffffff8)))).toEqual([0, 1, 2, 3].map(audio));
  });

  it('a jump of the clock is a new beginning and no silence', () => {
    const heard = hear([packet(0), packet(1), packet(2, 1_000_000)]);
    expect(heard).toEqual([audio(0), audio(1), audio(2)]);
  });

  it('any order within the window gives back the whole, in order', () => {
    const shuffled = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(shuffled, (delays) => {
        const arriving = delays.map((delay, index) => ({ index, at: index + (index === 0 ? 0 : delay) }));
        const order = arriving.sort((one, other) => one.at - other.at).map(({ index }) => packet(index));
        expect(hear(order)).toEqual(delays.map((_, index) => audio(index)));
      }),
    );
  });
});

describe('RFC 4733: digits as events', () => {
  it('§2.5.1: durations grow, and the end is sent three times', () => {
    const events = pressKey('#', 2, 160).map((payload) => parseTelephoneEvent(payload));
    expect(events).toEqual([
      { digit: '#', isEnd: false, duration: 160 },
      { digit: '#', isEnd: false, duration: 320 },
      ...Array.from({ length: 3 }, () => ({ digit: '#', isEnd: true, duration: 320 })),
    ]);
  });

  it('§3.2: the events 0 to 15 are the sixteen keys, others are none', () => {
    const read = Array.from(
      { length: 17 },
      (_, event) => parseTelephoneEvent(Uint8Array.of(event, 0, 0, 0))?.digit,
    );
    expect(read).toEqual([...'0123456789*#ABCD', undefined]);
  });
});
