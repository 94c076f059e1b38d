import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// What a table weighs is seen only between two collections.
setFlagsFromString('--expose-gc');
export const collectGarbage = runInNewContext('gc') as () => void;

let seed = 20_261_125;

/** The same numbers in every run, from 0 up to 1. */
export function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}

/** So many digits, the first not 0. */
export function digits(count: number): string {
  let text = String(1 + Math.floor(random() * 9));
  while (text.length < count) text += Math.floor(random() * 10);
  return text;
}
