import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchingDigits, parseNumberPattern } from './number-pattern.ts';

function matches(text: string, prefix = '62', length = 5, after = '', skipped: readonly string[] = []) {
  const pattern = parseNumberPattern(text);
  if (!pattern.ok) throw new Error(pattern.refusal.detail);
  return [...matchingDigits(pattern.value, prefix, length, after, (begins) => skipped.includes(begins))];
}

describe('R5: what somebody wants a number to look like', () => {
  it.each([
    ['*77', ['62077', '62177', '62277', '62377', '62477', '62577', '62677', '62777', '62877', '62977']],
    ['62?99', ['62099', '62199', '62299', '62399', '62499', '62599', '62699', '62799', '62899', '62999']],
    ['6-2 9.99', ['62999']],
    [
      '2 00',
      ['62000', '62001', '62002', '62003', '62004', '62005', '62006', '62007', '62008', '62009', '62200'],
    ],
    ['63*', []],
    ['6200', ['62000', '62001', '62002', '62003', '62004', '62005', '62006', '62007', '62008', '62009']],
    ['????', []],
  ])('%s', (text, expected) => {
    expect(matches(text)).toEqual(expected);
  });

  it.each(['', 'abc', '１', '1'.repeat(25), '+82', '6#'])('"%s" is refused', (text) => {
    expect(parseNumberPattern(text)).toMatchObject({ refusal: { code: 'search-pattern-malformed' } });
  });

  it('finds exactly what a regular expression finds, behind the cursor and without what is skipped', () => {
    const patterns = fc.array(fc.constantFrom('0', '1', '6', '2', '?', '*'), { minLength: 1, maxLength: 7 });
    const all = Array.from({ length: 1_000 }, (_, number) => `62${String(number).padStart(3, '0')}`);
    fc.assert(
      fc.property(
        patterns,
        fc.constantFrom('', ...all),
        fc.constantFrom('62', '6'),
        (parts, after, prefix) => {
          const text = parts.join('');
          const source = text.replaceAll('?', '.').replaceAll('*', '.*');
          const expression = new RegExp(/[?*]/.test(text) ? `^${source}$` : source);
          const expected = all.filter(
            (digits) => expression.test(digits) && digits > after && !digits.startsWith('624'),
          );
          const found = matches(text, prefix, 5, after, ['624']);
          expect(found.filter((digits) => digits.startsWith('62'))).toEqual(expected);
        },
      ),
    );
  });
});
