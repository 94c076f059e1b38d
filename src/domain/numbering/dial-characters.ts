const ZERO = 0x30;
const NINE = 0x39;

/** Longer than this nothing is a number: E.164 has 15 digits, an access prefix and a suffix come on top. */
export const MAX_DIGITS = 40;

/**
 * Brings a typed number to its bare characters: digits, `+` in front, and `#` for all that stands between
 * an enterprise number and its country code (`#`, `*`, `＃`, `＊`: some phones send on `#`, and sell
 * it as `*`). Digits of full width and of Arabic script become ASCII; spaces, hyphens, dots, brackets,
 * slashes and the invisible marks that copying brings along are dropped.
 * @returns the characters, or undefined where the text has others and so is no number
 */
export function bareCharacters(text: string): string | undefined {
  if (isDigits(text)) return text;
  let bare = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = bareCharacter(text.charCodeAt(at));
    if (character === undefined || (character === '+' && bare !== '')) return undefined;
    bare += character;
  }
  return bare;
}

/** Whether the text is one or more ASCII digits and nothing else. */
export function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return false;
  }
  return text.length > 0;
}

/** The bare character for one UTF-16 unit: '' where it only groups, undefined where it is not of a number. */
function bareCharacter(code: number): string | undefined {
  const digit = digitOf(code);
  if (digit !== undefined) return String.fromCharCode(ZERO + digit);
  // The block of full-width forms repeats ASCII from ! to ~.
  const ascii = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
  if (ascii === 0x2b) return '+';
  if (ascii === 0x23 || ascii === 0x2a) return '#';
  return isGrouping(ascii) ? '' : undefined;
}

function digitOf(code: number): number | undefined {
  for (const zero of [ZERO, 0xff10, 0x0660, 0x06f0]) {
    if (code >= zero && code <= zero + 9) return code - zero;
  }
  return undefined;
}

/** ASCII ( ) - . / and white space; dashes, spaces and direction marks of Unicode; the Japanese long vowel mark. */
function isGrouping(code: number): boolean {
  if (code < 0x80) return GROUPING_ASCII.includes(code);
  return (
    (code >= 0x2000 && code <= 0x2015) ||
    (code >= 0x202a && code <= 0x202f) ||
    (code >= 0x2060 && code <= 0x2069) ||
    GROUPING_UNICODE.includes(code)
  );
}

const GROUPING_ASCII = [0x09, 0x0a, 0x0d, 0x20, 0x28, 0x29, 0x2d, 0x2e, 0x2f];
const GROUPING_UNICODE = [0xa0, 0xad, 0x2212, 0x3000, 0x30fc, 0xfeff];
