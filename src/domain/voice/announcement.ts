import type { Language } from '../members/index.ts';

/** What a caller can be told by a voice. The sentences are in `assets/announcements/texts.json`. */
export const ANNOUNCEMENTS = [
  'busy',
  'call-from',
  'call-from-withheld',
  'cannot-be-reached',
  'destination-not-served',
  'dial-now',
  'emergency-not-connected',
  'lines-busy',
  'no-credit',
  'not-in-service',
  'not-permitted',
  'number-incomplete',
  'press-one',
  'welcome',
  'your-code-is',
] as const;

/** A sentence; `call-from` and `your-code-is` go on with digits. */
export type AnnouncementId = (typeof ANNOUNCEMENTS)[number];

/** The sounds that numbers and codes are spoken with, one a digit. */
export const DIGIT_SOUNDS = [
  'digit-0',
  'digit-1',
  'digit-2',
  'digit-3',
  'digit-4',
  'digit-5',
  'digit-6',
  'digit-7',
  'digit-8',
  'digit-9',
  'digit-hash',
] as const;

/** What prices are spoken with in every language; `currency-…` is the name of one that is often paid in. */
const PRICE_SOUNDS = [
  'currency-eur',
  'currency-jpy',
  'currency-krw',
  'currency-usd',
  'number-point',
  'price-call-costs',
] as const;

/** By which currencies are named that have no sound of their own: no code of ISO 4217 that we know has a Q. */
const LETTER_SOUNDS = [
  'letter-a',
  'letter-b',
  'letter-c',
  'letter-d',
  'letter-e',
  'letter-f',
  'letter-g',
  'letter-h',
  'letter-i',
  'letter-j',
  'letter-k',
  'letter-l',
  'letter-m',
  'letter-n',
  'letter-o',
  'letter-p',
  'letter-r',
  'letter-s',
  'letter-t',
  'letter-u',
  'letter-v',
  'letter-w',
  'letter-x',
  'letter-y',
  'letter-z',
] as const;

const TENS = [
  'number-10',
  'number-20',
  'number-30',
  'number-40',
  'number-50',
  'number-60',
  'number-70',
  'number-80',
  'number-90',
] as const;

/** What only English needs: `number-hundred` is a factor, and one dollar is not one dollars. */
const OF_ENGLISH = [
  'currency-one-eur',
  'currency-one-usd',
  'number-11',
  'number-12',
  'number-13',
  'number-14',
  'number-15',
  'number-16',
  'number-17',
  'number-18',
  'number-19',
  'number-hundred',
  'number-million',
  'number-thousand',
  'price-a-minute',
  'price-and',
  'price-for-connection',
] as const;

/** What Korean and Japanese need: hundreds and thousands are words of their own there, some of them irregular. */
const OF_EAST_ASIA = [
  'number-100',
  'number-200',
  'number-300',
  'number-400',
  'number-500',
  'number-600',
  'number-700',
  'number-800',
  'number-900',
  'number-1000',
  'number-2000',
  'number-3000',
  'number-4000',
  'number-5000',
  'number-6000',
  'number-7000',
  'number-8000',
  'number-9000',
  'number-ten-thousand',
  'price-connection',
  'price-is',
] as const;

/** The zero of amounts, which in Korean is another one than that of numbers that are dialled. */
const OF_KOREAN = ['number-0'] as const;

/** Silence within a list of sounds: a breath between groups of digits or between repetitions. */
export type Pause = 'pause';

/** One element of what is spoken. */
export type SoundId =
  | AnnouncementId
  | (typeof DIGIT_SOUNDS)[number]
  | (typeof PRICE_SOUNDS)[number]
  | (typeof LETTER_SOUNDS)[number]
  | (typeof TENS)[number]
  | (typeof OF_ENGLISH)[number]
  | (typeof OF_EAST_ASIA)[number]
  | (typeof OF_KOREAN)[number];

/** What is spoken, in this order. */
export type Speech = readonly (SoundId | Pause)[];

const IN_EVERY_LANGUAGE = [...ANNOUNCEMENTS, ...DIGIT_SOUNDS, ...PRICE_SOUNDS, ...LETTER_SOUNDS, ...TENS];

/** Every sound that has to be there in a language. */
export const SOUNDS: Readonly<Record<Language, readonly SoundId[]>> = {
  en: [...IN_EVERY_LANGUAGE, ...OF_ENGLISH],
  ko: [...IN_EVERY_LANGUAGE, ...OF_EAST_ASIA, ...OF_KOREAN],
  ja: [...IN_EVERY_LANGUAGE, ...OF_EAST_ASIA],
};
