import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

/** A font of ASCII, Hangul and the empty box. */
function hasGlyph(codePoint: number): boolean {
  return (
    (codePoint >= 0x20 && codePoint < 0x7f) ||
    (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
    codePoint === 0x25a1
  );
}

describe('R24: whatever a name is, it can be printed', () => {
  it.each([
    ['김미나', '김미나'],
    ['a\tb\r\n\u2028c\0d', 'a b c d'],
    ['  a  ', 'a'],
    ['Erdős Pál', 'Erdos Pal'],
    ['e\u0301', 'e'],
    ['x\u0327\u0301', 'x'],
    ['\u202Eevil\u202C \u2066x\u2069', 'evil x'],
    ['\u0645\u0631', '□□'],
    ['a😀b', 'a□b'],
    ['👨‍👩‍👧', '□□□'],
    ['❤\uFE0F', '□'],
    ['lone \uD800 half', 'lone  half'],
    ['soft\u00ADhyphen\u200Bzero', 'softhyphenzero'],
    ['', ''],
  ])('%j', (text, shown) => {
    expect(printable(text, hasGlyph)).toBe(shown);
  });

  it('nothing is left that the font lacks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect([...printable(text, hasGlyph)].every((letter) => hasGlyph(letter.codePointAt(0) ?? 0))).toBe(
          true,
        );
      }),
    );
  });
});
