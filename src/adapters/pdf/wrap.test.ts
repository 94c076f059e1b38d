import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

/** Every letter is as wide as another. */
function widthOf(text: string): number {
  return [...text].length;
}

describe('text is broken into lines', () => {
  it.each<[string, number, readonly string[]]>([
    ['', 10, ['']],
    ['one two three', 20, ['one two three']],
    ['one two three', 7, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a abcdefgh b', 4, ['a', 'abcd', 'efgh', 'b']],
    ['  a   b ', 10, ['a b']],
    ['ab', 0, ['a', 'b']],
  ])('%j in %d', (text, width, lines) => {
    expect(wrap(text, width, widthOf)).toEqual(lines);
  });

  it('says where it was cut', () => {
    expect(wrap('one two three four', 5, widthOf, 2)).toEqual(['one', 'two…']);
    expect(wrap('abcdefghij', 4, widthOf, 2)).toEqual(['abcd', 'efg…']);
    expect(wrap('one', 5, widthOf, 1)).toEqual(['one']);
  });

  it('no line is too wide, and no letter is lost', () => {
    const words = fc.array(
      fc.string({ unit: fc.constantFrom('a', '가', '😀'), minLength: 1, maxLength: 30 }),
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 20 }), (list, width) => {
        const lines = wrap(list.join(' '), width, widthOf);
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(list.join(''));
      }),
    );
  });
});
