import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likeness } from './correlation.ts';
import { decodeG711, encodeG711 } from './g711.ts';
import { shareOfTone, tone } from './tone.ts';
import { parseWav, printMuLawWav, printWav } from './wav.ts';

/** Sound that resembles itself at no other lag. */
function noise(length: number, seed: number): Int16Array {
  let state = seed;
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 15) - 32_768 / 2;
  });
}

describe('WAV', () => {
  it('every sound survives printing and parsing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32_768, max: 32_767 })),
        fc.constantFrom(8000, 48_000),
        (list, sampleRate) => {
          const read = parseWav(printWav({ sampleRate, samples: Int16Array.from(list) }));
          expect(read).toEqual({ ok: true, value: { sampleRate, samples: Int16Array.from(list) } });
        },
      ),
    );
  });

  it('is read to the end where the recorder was killed before it wrote the sizes', () => {
    const bytes = printWav({ sampleRate: 8000, samples: Int16Array.of(1, 2, 3) });
    new DataView(bytes.buffer).setUint32(40, 0xffffffff, true);
    expect(parseWav(bytes)).toMatchObject({ value: { samples: Int16Array.of(1, 2, 3) } });
  });

  it('refuses what is no sound, without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseWav(bytes).ok).toBe(false);
      }),
    );
    expect(parseWav(new TextEncoder().encode('RIFF....WAVEdata....'))).toMatchObject({ ok: false });
  });
});

describe('what was heard', () => {
  it('is like what was sent at its delay, through G.711 and at another loudness', () => {
    const sent = noise(8000, 1).map((sample) => sample / 2);
    const heard = new Int16Array(10_000);
    heard.set(decodeG711('PCMU', encodeG711('PCMU', sent)), 1234);
    const { correlation, lagSamples } = likeness(
      sent.map((sample) => sample / 3),
      heard,
    );
    expect(lagSamples).toBe(1234);
    expect(correlation).toBeGreaterThan(0.99);
  });

  it('is not like another sound, nor like silence', () => {
    expect(likeness(noise(4000, 1), noise(9000, 7)).correlation).toBeLessThan(0.2);
    expect(likeness(noise(4000, 1), new Int16Array(9000)).correlation).toBe(0);
  });

  it('is a tone where the power lies at its frequency', () => {
    expect(shareOfTone(tone(440, 500), 440)).toBeGreaterThan(0.99);
    expect(shareOfTone(tone(440, 500), 880)).toBeLessThan(0.01);
    expect(shareOfTone(new Int16Array(800), 440)).toBe(0);
  });
});

describe('a WAV file of G.711', () => {
  it('holds what the law keeps of the samples, in half the bytes', () => {
    const samples = tone(440, 100.125);
    const bytes = printMuLawWav({ sampleRate: 8_000, samples });
    expect(samples.length % 2).toBe(1);
    expect(bytes).toHaveLength(44 + samples.length + 1);
    const read = parseWav(bytes);
    expect(read).toEqual({
      ok: true,
      value: { sampleRate: 8_000, samples: decodeG711('PCMU', encodeG711('PCMU', samples)) },
    });
  });

  it('may be of A-law and of several channels, of which the first is taken', () => {
    const one = encodeG711('PCMA', tone(440, 20));
    const bytes = printMuLawWav({ sampleRate: 8_000, samples: tone(440, 40) });
    const view = new DataView(bytes.buffer);
    view.setUint16(20, 6, true);
    view.setUint16(22, 2, true);
    for (const [index, byte] of one.entries()) bytes.set([byte, 0x55], 44 + 2 * index);
    expect(parseWav(bytes)).toMatchObject({ ok: true, value: { samples: decodeG711('PCMA', one) } });
  });

  it('with 16 bits a sample is refused', () => {
    const bytes = printMuLawWav({ sampleRate: 8_000, samples: tone(440, 20) });
    new DataView(bytes.buffer).setUint16(34, 16, true);
    expect(parseWav(bytes)).toEqual({ ok: false, detail: 'It is neither 16-bit PCM nor G.711.' });
  });
});
