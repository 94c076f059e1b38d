import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711 } from './g711.ts';

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('G.711', () => {
  it('µ-law: silence is 0xff, the loudest samples are 0x80 and 0x00', () => {
    expect([...encodeG711('PCMU', Int16Array.of(0, 32_767, -32_768))]).toEqual([0xff, 0x80, 0x00]);
  });

  it('A-law: silence is 0xd5, the loudest samples are 0xaa and 0x2a', () => {
    expect([...encodeG711('PCMA', Int16Array.of(0, 32_767, -32_768))]).toEqual([0xd5, 0xaa, 0x2a]);
  });

  it('the decoder output values of the tables: µ-law ±32 124 at the ends, A-law ±32 256', () => {
    expect([...decodeG711('PCMU', Uint8Array.of(0x80, 0x00, 0xff))]).toEqual([32_124, -32_124, 0]);
    expect([...decodeG711('PCMA', Uint8Array.of(0xaa, 0x2a, 0xd5))]).toEqual([32_256, -32_256, 8]);
  });

  it.each(['PCMU', 'PCMA'] as const)('%s: every code survives decoding and encoding', (law) => {
    const again = encodeG711(law, decodeG711(law, everyByte));
    // µ-law has two zeros; the negative one comes back as the positive one.
    const expected = law === 'PCMU' ? everyByte.map((byte) => (byte === 0x7f ? 0xff : byte)) : everyByte;
    expect([...again]).toEqual([...expected]);
  });

  it.each(['PCMU', 'PCMA'] as const)('%s: every sample comes back within 1/16 of itself', (law) => {
    const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
    const heard = decodeG711(law, encodeG711(law, samples));
    const worst = samples.reduce((most, sample, index) => {
      const error = Math.abs(sample - (heard[index] ?? 0)) / (Math.abs(sample) + 256);
      return Math.max(most, error);
    }, 0);
    expect(worst).toBeLessThan(1 / 16);
  });
});
