import { DIGIT_SOUNDS, type SoundId, type Speech } from './announcement.ts';

/**
 * A number digit by digit, in the groups it is written in: `+82 2-6200-6200`, `6200-6200#082`. What is neither a
 * digit nor `#` is a breath; a `+` is not spoken.
 */
export function spokenNumber(number: string): Speech {
  const groups = number.split(/[^0-9#]+/).filter((group) => group !== '');
  return groups.flatMap((group, index) => {
    const digits = [...group].flatMap(soundOf);
    return index === 0 ? digits : ['pause' as const, ...digits];
  });
}

/** `Your code is 4 2 7 1`, said as often as it takes to write it down (R17). */
export function spokenCode(code: string, times = 2): Speech {
  const once: Speech = ['your-code-is', ...spokenNumber(code)];
  return Array.from({ length: times }, (_, index) =>
    index === 0 ? once : ['pause' as const, ...once],
  ).flat();
}

/** What a telephone of the PSTN hears that is called as somebody's terminal: who calls, and how to take it (R18). */
export function spokenCallOffer(from: string | undefined): Speech {
  const who: Speech = from === undefined ? ['call-from-withheld'] : ['call-from', ...spokenNumber(from)];
  return [...who, 'pause', 'press-one'];
}

function soundOf(character: string): SoundId[] {
  if (character === '#') return ['digit-hash'];
  const sound = DIGIT_SOUNDS[Number(character)];
  return sound === undefined ? [] : [sound];
}
