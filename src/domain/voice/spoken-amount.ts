import type { Language } from '../members/index.ts';
import { DIGIT_SOUNDS, SOUNDS, type SoundId } from './announcement.ts';

const MICROS_PER_UNIT = 1_000_000n;

/** From here on a number is said digit by digit, which is understood better than its name. */
const TOO_LONG = 100_000_000;

/**
 * A number as it is said in a language: `one hundred five point two`, `백오 점 이`.
 * @param micros in millionths, at least 0; trailing zeros are not said
 */
export function spokenAmount(micros: bigint, language: Language): SoundId[] {
  const whole = spokenWhole(micros / MICROS_PER_UNIT, language);
  const fraction = (micros % MICROS_PER_UNIT).toString().padStart(6, '0').replace(/0+$/, '');
  return fraction === '' ? whole : [...whole, 'number-point', ...digitByDigit(fraction, language)];
}

function spokenWhole(number: bigint, language: Language): SoundId[] {
  if (number === 0n || number >= TOO_LONG) return digitByDigit(number.toString(), language);
  return language === 'en' ? inThousands(Number(number)) : inTenThousands(Number(number), language);
}

function digitByDigit(digits: string, language: Language): SoundId[] {
  return [...digits].map((digit) => {
    if (digit === '0' && language === 'ko') return 'number-0';
    return DIGIT_SOUNDS[Number(digit)] ?? 'digit-0';
  });
}

/** English counts in thousands. */
function inThousands(number: number): SoundId[] {
  const [millions, thousands] = [Math.floor(number / 1_000_000), Math.floor(number / 1_000) % 1_000];
  return [
    ...(millions === 0 ? [] : [...belowThousand(millions), 'number-million' as const]),
    ...(thousands === 0 ? [] : [...belowThousand(thousands), 'number-thousand' as const]),
    ...belowThousand(number % 1_000),
  ];
}

function belowThousand(number: number): SoundId[] {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  const tens = rest >= 20 ? rest - (rest % 10) : 0;
  return [
    ...(hundreds === 0 ? [] : [numeral(hundreds, 'en'), 'number-hundred' as const]),
    ...(tens === 0 ? [] : [numeral(tens, 'en')]),
    ...(rest === tens ? [] : [numeral(rest - tens, 'en')]),
  ];
}

/** Korean and Japanese count in ten thousands, of which one alone is no more than named in Korean (만, いちまん). */
function inTenThousands(number: number, language: 'ko' | 'ja'): SoundId[] {
  const [myriads, rest] = [Math.floor(number / 10_000), number % 10_000];
  const named = myriads === 0 ? [] : ['number-ten-thousand' as const];
  const counted = myriads === 1 && language === 'ko' ? [] : belowTenThousand(myriads, language);
  return [...counted, ...named, ...belowTenThousand(rest, language)];
}

function belowTenThousand(number: number, language: 'ko' | 'ja'): SoundId[] {
  return [1_000, 100, 10, 1].flatMap((unit) => {
    const part = (Math.floor(number / unit) % 10) * unit;
    return part === 0 ? [] : [numeral(part, language)];
  });
}

/** A number that is one word. @throws where it is none in the language: a fault of who asked */
function numeral(number: number, language: Language): SoundId {
  const wanted = number < 10 ? DIGIT_SOUNDS[number] : `number-${number}`;
  const sound = SOUNDS[language].find((id) => id === wanted);
  if (sound === undefined) throw new Error(`${number} is not one word in ${language}.`);
  return sound;
}
