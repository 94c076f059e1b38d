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

/** Silence within a list of sounds: a breath between groups of digits or between repetitions. */
export type Pause = 'pause';

/** One element of what is spoken. */
export type SoundId = AnnouncementId | (typeof DIGIT_SOUNDS)[number];

/** What is spoken, in this order. */
export type Speech = readonly (SoundId | Pause)[];

/** Every sound that has to be there in every language. */
export const SOUNDS: readonly SoundId[] = [...ANNOUNCEMENTS, ...DIGIT_SOUNDS];
