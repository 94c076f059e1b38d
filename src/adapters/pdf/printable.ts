/** What a letter that the fonts do not have is shown as, so that one sees that something was there. */
const MISSING = '□';

/** White space and controls, among them those that begin a new line: a cell is one flow of words. */
const BLANKS = /[\p{White_Space}\p{Cc}]+/gu;

/** Marks without a shape of their own that turn or join what is around them: directions, joiners, variants, tags. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Cn}\p{Variation_Selector}]/gu;

/**
 * Text as it can be printed: in one line, without marks that would turn the rest of it around. A letter that the fonts
 * lack loses its accent where that helps (`ő` becomes `o`), and is shown as an empty box where not.
 */
export function printable(text: string, hasGlyph: (codePoint: number) => boolean): string {
  const plain = text.normalize('NFC').replace(BLANKS, ' ').replace(INVISIBLE, '').trim();
  const letterOf = (letter: string) => {
    if (hasGlyph(codePointOf(letter))) return letter;
    const [base = ''] = letter.normalize('NFD');
    if (base !== letter && hasGlyph(codePointOf(base))) return base;
    // An accent that stands alone belongs to the letter before it.
    return /^\p{M}$/u.test(letter) ? '' : MISSING;
  };
  return [...plain].map(letterOf).join('');
}

function codePointOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}
