import { describe, expect, it } from 'vitest';
import { decodeG711, shareOfTone } from '../../../protocols/audio/index.ts';
import { printRtp } from '../../../protocols/rtp/index.ts';
import { InsertedTone } from './inserted-tone.ts';

function packet(payloadType: number, timestamp: number): Buffer {
  const about = { payloadType, marker: false, sequence: timestamp / 160, timestamp, ssrc: 7 };
  return Buffer.from(printRtp({ ...about, payload: new Uint8Array(160).fill(0xd5) }));
}

describe('R23: a tone in the place of a voice', () => {
  it.each([
    [0, 'PCMU'],
    [8, 'PCMA'],
  ] as const)('beeps twice in codec %i, and leaves numbers and times as they are', (payloadType, law) => {
    const inserted = new InsertedTone();
    const heard: number[] = [];
    let isOver = false;
    let packets = 0;
    // The times begin just before they wrap around.
    for (let at = 2 ** 32 - 160 * 3; !isOver; at += 160) {
      const bytes = packet(payloadType, at % 2 ** 32);
      const header = Buffer.from(bytes.subarray(0, 12));
      isOver = inserted.insert(bytes);
      expect(bytes.subarray(0, 12)).toEqual(header);
      heard.push(...decodeG711(law, bytes.subarray(12)));
      packets += 1;
    }
    expect(packets).toBe(30);
    const part = (fromMs: number) => Int16Array.from(heard.slice(fromMs * 8, (fromMs + 200) * 8));
    expect(shareOfTone(part(0), 1_400)).toBeGreaterThan(0.95);
    expect(Math.max(...part(200).map(Math.abs))).toBeLessThan(50);
    expect(shareOfTone(part(400), 1_400)).toBeGreaterThan(0.95);
  });

  it('a packet that arrives late neither ends it nor is written into', () => {
    const inserted = new InsertedTone();
    expect(inserted.insert(packet(0, 1_600))).toBe(false);
    const late = packet(0, 1_440);
    const before = Buffer.from(late);
    expect(inserted.insert(late)).toBe(false);
    expect(late).toEqual(before);
    const next = packet(0, 1_760);
    inserted.insert(next);
    expect(next).not.toEqual(packet(0, 1_760));
  });

  it('leaves other codecs, keys and what it cannot read as they are', () => {
    const inserted = new InsertedTone();
    for (const bytes of [packet(101, 0), packet(9, 0), Buffer.from([0x90, 0, 0, 1]), Buffer.from([])]) {
      const before = Buffer.from(bytes);
      expect(inserted.insert(bytes)).toBe(false);
      expect(bytes).toEqual(before);
    }
  });
});
