import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711 } from './g711.ts';
import { hearTones, keypadTone, NO_TONES } from './keypad-tones.ts';

const KEYS = '123A456B789C*0#D';

/** Keys as they come over a telephone line: in frames of 20 ms, companded, between silence. */
function line(...parts: Int16Array[]): Int16Array {
  const whole = Int16Array.from(parts.flatMap((part) => [...part]));
  return decodeG711('PCMU', encodeG711('PCMU', whole));
}

function silence(durationMs: number): Int16Array {
  return new Int16Array(durationMs * 8);
}

function heard(samples: Int16Array, frame = 160): string {
  let state = NO_TONES;
  let keys = '';
  for (let at = 0; at < samples.length; at += frame) {
    const [next, pressed] = hearTones(state, samples.subarray(at, at + frame));
    state = next;
    keys += pressed.join('');
  }
  return keys;
}

/** Two sines with frequencies and levels of one's own. `dbm0` is the level of each. */
function twoSines(low: number, high: number, durationMs: number, lowDbm0: number, highDbm0: number) {
  // A full-scale sine of µ-law is +3.17 dBm0 (ITU-T G.711).
  const amplitude = (level: number) => 32_124 * 10 ** ((level - 3.17) / 20);
  return Int16Array.from({ length: durationMs * 8 }, (_, at) =>
    Math.round(
      amplitude(lowDbm0) * Math.sin((2 * Math.PI * low * at) / 8_000) +
        amplitude(highDbm0) * Math.sin((2 * Math.PI * high * at) / 8_000),
    ),
  );
}

/** Noise that is the same at every run, of a mean power in dBm0. */
function noise(durationMs: number, dbm0: number): Int16Array {
  let state = 7;
  const amplitude = 32_124 * 10 ** ((dbm0 - 3.17) / 20) * Math.sqrt(1.5);
  return Int16Array.from({ length: durationMs * 8 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.round(amplitude * ((state >> 8) / 2 ** 22 - 1));
  });
}

describe('ITU-T Q.23: keys by their tones', () => {
  it('every key is heard once, however long it is held', () => {
    const dialled = [...KEYS].flatMap((key, index) => [keypadTone(key, 50 + index * 60), silence(60)]);
    expect(heard(line(...dialled))).toBe(KEYS);
  });

  it('the same key twice is two keys', () => {
    expect(heard(line(keypadTone('1', 60), silence(45), keypadTone('1', 60)))).toBe('11');
  });

  it('keys that follow without a pause are two keys', () => {
    expect(heard(line(keypadTone('1', 80), keypadTone('6', 80)))).toBe('16');
  });

  it('does not depend on how the sound is cut into frames, nor on when a key begins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 40, max: 120 }),
        fc.integer({ min: 0, max: 203 }),
        (keys, frame, durationMs, offset) => {
          const dialled = keys.flatMap((key) => [keypadTone(key, durationMs), silence(durationMs + 5)]);
          expect(heard(line(new Int16Array(offset), ...dialled), frame)).toBe(keys.join(''));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('ITU-T Q.24: what is a key', () => {
  it.each([-3, -5, -10, -15, -20, -25, -29])('tones of %i dBm0 are heard', (level) => {
    for (const low of [697, 770, 852, 941])
      expect(heard(line(twoSines(low, 1336, 60, level, level), silence(60)))).toHaveLength(1);
  });

  it('tones softer than −36 dBm0 are not', () => {
    expect(heard(line(twoSines(770, 1336, 100, -37, -37)))).toBe('');
  });

  it.each([
    ['4 dB louder', -12, -8],
    ['8 dB softer', -6, -14],
  ])('the high tone may be %s', (_, low, high) => {
    expect(heard(line(twoSines(770, 1336, 60, low, high), silence(60)))).toBe('5');
  });

  it('a tone of one group alone, as of dialling or ringing, is no key', () => {
    expect(heard(line(twoSines(770, 1336, 200, -10, -30), twoSines(941, 1209, 200, -30, -10)))).toBe('');
  });

  it.each([0.985, 1.015])('frequencies off by %f are heard', (factor) => {
    for (const [low, high] of [
      [697, 1209],
      [770, 1336],
      [852, 1477],
      [941, 1633],
    ] as const)
      expect(heard(line(twoSines(low * factor, high * factor, 60, -10, -10), silence(60)))).toHaveLength(1);
  });

  it('frequencies off by a twentieth are not', () => {
    expect(heard(line(twoSines(770 * 1.05, 1336 * 1.05, 100, -10, -10)))).toBe('');
    expect(heard(line(twoSines(852 * 0.95, 1477 * 0.95, 100, -10, -10)))).toBe('');
  });

  it('tones of 40 ms are heard, of 22 ms not', () => {
    for (let offset = 0; offset < 102; offset += 1) {
      for (const key of '147*2580')
        expect(heard(line(new Int16Array(offset), keypadTone(key, 40), silence(60)))).toBe(key);
      expect(heard(line(new Int16Array(offset), keypadTone('8', 22), silence(60)))).toBe('');
    }
  });

  it('keys are heard through noise 15 dB below them', () => {
    const tones = [...'0123456789'].flatMap((key) => [keypadTone(key, 60, 0.1), silence(60)]);
    const samples = Int16Array.from(tones.flatMap((part) => [...part]));
    const hiss = noise(samples.length / 8, -31);
    expect(heard(line(samples.map((sample, at) => sample + (hiss[at] ?? 0))))).toBe('0123456789');
  });

  it('noise alone is no key', () => {
    expect(heard(line(noise(20_000, -15)))).toBe('');
  });
});
