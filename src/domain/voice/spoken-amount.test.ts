import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../members/index.ts';
import { SOUNDS, type SoundId } from './announcement.ts';
import { spokenAmount } from './spoken-amount.ts';

/** What a listener writes down: the number that the words stand for, in millionths. */
function understood(sounds: readonly SoundId[]): bigint {
  const point = sounds.indexOf('number-point');
  const whole = point < 0 ? sounds : sounds.slice(0, point);
  const fraction = point < 0 ? [] : sounds.slice(point + 1);
  const digits = fraction.map(spokenValue).join('').padEnd(6, '0');
  return wholeOf(whole) * 1_000_000n + BigInt(digits);
}

const FACTORS: Readonly<Record<string, bigint>> = {
  'number-hundred': 100n,
  'number-thousand': 1_000n,
  'number-ten-thousand': 10_000n,
  'number-million': 1_000_000n,
};

function wholeOf(sounds: readonly SoundId[]): bigint {
  const values = sounds.map(spokenValue);
  // No name of a number has more than two digits one after the other.
  if (sounds.length > 7 && values.every((value) => value < 10n)) return BigInt(values.join(''));
  let sum = 0n;
  let part = 0n;
  for (const [at, sound] of sounds.entries()) {
    const factor = FACTORS[sound];
    if (factor === undefined) part += values[at] ?? 0n;
    else if (factor === 100n) part *= factor;
    else {
      sum += (part === 0n ? 1n : part) * factor;
      part = 0n;
    }
  }
  return sum + part;
}

function spokenValue(sound: SoundId): bigint {
  return BigInt(/^(?:digit|number)-(\d+)$/.exec(sound)?.[1] ?? 0);
}

/** The sounds of a number without what all their names begin with. */
const words = (micros: bigint, language: Language) =>
  spokenAmount(micros, language)
    .map((sound) => sound.replace(/^(digit|number)-/, ''))
    .join(' ');

const ONE = 1_000_000n;

describe('R23: a number is said', () => {
  it.each([
    [0n, '0', '0', '0'],
    [10n * ONE, '10', '10', '10'],
    [17n * ONE, '17', '10 7', '10 7'],
    [60n * ONE, '60', '60', '60'],
    [105n * ONE, '1 hundred 5', '100 5', '100 5'],
    [1_390n * ONE, '1 thousand 3 hundred 90', '1000 300 90', '1000 300 90'],
    [10_000n * ONE, '10 thousand', 'ten-thousand', '1 ten-thousand'],
    [118_000n * ONE, '1 hundred 18 thousand', '10 1 ten-thousand 8000', '10 1 ten-thousand 8000'],
    [3_000_012n * ONE, '3 million 12', '300 ten-thousand 10 2', '300 ten-thousand 10 2'],
    [200_000_000n * ONE, '2 0 0 0 0 0 0 0 0', '2 0 0 0 0 0 0 0 0', '2 0 0 0 0 0 0 0 0'],
    [12_500_000n, '12 point 5', '10 2 point 5', '10 2 point 5'],
    [50_000n, '0 point 0 5', '0 point 0 5', '0 point 0 5'],
    [1n, '0 point 0 0 0 0 0 1', '0 point 0 0 0 0 0 1', '0 point 0 0 0 0 0 1'],
  ])('%s millionths as %s, in Korean as %s, in Japanese as %s', (micros, english, korean, japanese) => {
    expect(words(micros, 'en')).toBe(english);
    expect(words(micros, 'ko')).toBe(korean);
    expect(words(micros, 'ja')).toBe(japanese);
  });

  it('with the zero of amounts in Korean', () => {
    expect(spokenAmount(0n, 'ko')).toEqual(['number-0']);
    expect(spokenAmount(0n, 'ja')).toEqual(['digit-0']);
  });

  it('so that it is understood as what it is, in sounds that are kept', () => {
    const micros = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 63n }),
      fc.bigInt({ min: 0n, max: 10n ** 8n }).map((whole) => whole * ONE),
      fc.bigInt({ min: 0n, max: 10n ** 8n }),
    );
    fc.assert(
      fc.property(micros, fc.constantFrom(...LANGUAGES), (amount, language) => {
        const spoken = spokenAmount(amount, language);
        expect(understood(spoken)).toBe(amount);
        for (const sound of spoken) expect(SOUNDS[language]).toContain(sound);
      }),
      { numRuns: 1_000 },
    );
  });
});
