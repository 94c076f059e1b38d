import { accept, type Result, refuse } from '../refusal/index.ts';

/** What somebody wants a number to look like: one token a digit, or any run of digits. */
export type NumberPattern = readonly ('any-digit' | 'any-digits' | string)[];

const LONGEST = 24;

/**
 * Reads a pattern: digits, `?` for any one digit, `*` for any digits or none; without `*` or `?`, digits that
 * occur anywhere. Spaces, hyphens and dots do not matter: `*7777`, `0262??6200`, `6200`.
 */
export function parseNumberPattern(text: string): Result<NumberPattern, 'search-pattern-malformed'> {
  const bare = text.replace(/[\s().-]/g, '');
  if (!/^[\d?*]{1,24}$/.test(bare)) {
    return refuse(
      'search-pattern-malformed',
      `"${text}" is no pattern: write digits, ? for one digit and * for any, at most ${LONGEST} in all.`,
      '/pattern',
    );
  }
  const tokens = [...(/[?*]/.test(bare) ? bare : `*${bare}*`)].map((character) =>
    character === '*' ? 'any-digits' : character === '?' ? 'any-digit' : character,
  );
  return accept(tokens.filter((token, at) => token !== 'any-digits' || tokens[at - 1] !== 'any-digits'));
}

/**
 * The texts of digits that match a pattern, in order, without trying those that cannot.
 * @param prefix what all of them begin with
 * @param length how many digits they have in all
 * @param after only those behind this one; as long as they are, or empty
 * @param skips whether all texts that begin with these digits, which are longer than `prefix`, are left out
 */
export function* matchingDigits(
  pattern: NumberPattern,
  prefix: string,
  length: number,
  after: string,
  skips: (beginning: string) => boolean,
): Generator<string, void, undefined> {
  const remainders = remaindersOf(pattern);
  let places = closure(pattern, 1);
  for (const digit of prefix) places = advance(pattern, places, digit);
  yield* extend(prefix, places);

  function* extend(beginning: string, at: number): Generator<string, void, undefined> {
    const missing = length - beginning.length;
    if (!canEnd(remainders, at, missing)) return;
    if (missing === 0) {
      if (beginning > after) yield beginning;
      return;
    }
    if (beginning < after.slice(0, beginning.length)) return;
    if (beginning.length > prefix.length && skips(beginning)) return;
    for (let digit = 0; digit <= 9; digit += 1) {
      yield* extend(`${beginning}${digit}`, advance(pattern, at, `${digit}`));
    }
  }
}

/** Places in the pattern are bits: bit `n` says that the first `n` tokens are matched. */
function advance(pattern: NumberPattern, places: number, digit: string): number {
  let next = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    if ((places & (1 << at)) === 0) continue;
    const token = pattern[at];
    if (token === 'any-digits') next |= 1 << at;
    else if (token === 'any-digit' || token === digit) next |= 1 << (at + 1);
  }
  return closure(pattern, next);
}

/** A run of digits may be empty: its end is reached with its beginning. */
function closure(pattern: NumberPattern, places: number): number {
  let all = places;
  for (let at = 0; at < pattern.length; at += 1) {
    if ((all & (1 << at)) !== 0 && pattern[at] === 'any-digits') all |= 1 << (at + 1);
  }
  return all;
}

/** What each place in the pattern still takes: so many digits, or at least so many. */
type Remainder = { readonly digits: number; readonly orMore: boolean };

function remaindersOf(pattern: NumberPattern): readonly Remainder[] {
  return Array.from({ length: pattern.length + 1 }, (_, at) => {
    const rest = pattern.slice(at);
    const digits = rest.filter((token) => token !== 'any-digits').length;
    return { digits, orMore: digits < rest.length };
  });
}

/** Whether from one of the places the pattern takes exactly so many digits more. */
function canEnd(remainders: readonly Remainder[], places: number, missing: number): boolean {
  return remainders.some(
    ({ digits, orMore }, at) =>
      (places & (1 << at)) !== 0 && (digits === missing || (orMore && digits < missing)),
  );
}
