import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_FRAMER, type Frame, stepFramer } from './framer.ts';

const STREAM = Buffer.from(
  'OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 4\r\n\r\nbody\r\n\r\nSIP/2.0 200 OK\r\nl: 0\r\n\r\n\r\nBYE sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n',
);

function frames(chunks: Buffer[]): Frame[] {
  let framer = EMPTY_FRAMER;
  return chunks.flatMap((chunk) => {
    const [next, found] = stepFramer(framer, chunk);
    framer = next;
    return found;
  });
}

describe('the framer of a stream', () => {
  it('RFC 3261 §18.3: cuts messages by Content-Length, and pings between them', () => {
    expect(frames([STREAM]).map((frame) => frame.kind)).toEqual(['message', 'ping', 'message', 'message']);
  });

  it('finds the same messages however the stream is chopped', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }), (sizes) => {
        const chunks: Buffer[] = [];
        let from = 0;
        for (const size of sizes) {
          chunks.push(STREAM.subarray(from, from + size));
          from += size;
        }
        chunks.push(STREAM.subarray(from));
        expect(frames(chunks)).toEqual(frames([STREAM]));
      }),
    );
  });

  it('gives up on a stream without Content-Length, and on heads and bodies that never end', () => {
    expect(frames([Buffer.from('OPTIONS sip:a@b SIP/2.0\r\nTo: x\r\n\r\n')])).toMatchObject([
      { kind: 'broken' },
    ]);
    expect(frames([Buffer.alloc(70_000, 'a')])).toMatchObject([{ kind: 'broken' }]);
    expect(frames([Buffer.from('A b SIP/2.0\r\nl: 999999\r\n\r\n')])).toMatchObject([{ kind: 'broken' }]);
  });

  it('takes a message that comes byte by byte in time that does not grow with its square', () => {
    const message = Buffer.from(
      `OPTIONS sip:a@b SIP/2.0\r\nX: ${'a'.repeat(60_000)}\r\nl: 200000\r\n\r\n${'b'.repeat(200_000)}`,
    );
    let framer = EMPTY_FRAMER;
    const startMs = performance.now();
    let mostPieces = 0;
    let early = 0;
    for (let at = 0; at < message.length - 1; at += 1) {
      const [next, found] = stepFramer(framer, message.subarray(at, at + 1));
      early += found.length;
      framer = next;
      mostPieces = Math.max(mostPieces, next.pieces.length);
    }
    const [end, found] = stepFramer(framer, message.subarray(-1));
    expect(found).toEqual([{ kind: 'message', bytes: message }]);
    expect([early, end.length]).toEqual([0, 0]);
    expect(mostPieces).toBeLessThan(25);
    expect(performance.now() - startMs).toBeLessThan(4_000);
  });

  it('gives messages that do not keep the bytes of their neighbours', () => {
    const found = frames([Buffer.concat(Array.from({ length: 200 }, () => STREAM))]);
    for (const frame of found) {
      if (frame.kind === 'message') expect(frame.bytes.buffer.byteLength).toBeLessThan(1200);
    }
    expect(found.length).toBeGreaterThan(600);
  });
});
