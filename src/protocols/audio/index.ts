export { type Likeness, likeness } from './correlation.ts';
export { decodeG711, encodeG711, type G711Law } from './g711.ts';
export { type HeardTones, hearTones, keypadTone, NO_TONES } from './keypad-tones.ts';
export { shareOfTone, tone } from './tone.ts';
export { parseWav, printMuLawWav, printWav, type ReadSound, type Sound } from './wav.ts';
