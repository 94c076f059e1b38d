import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, readSourceRange, SourceRanges } from './source-range.ts';

function rangeOf(text: string) {
  const range = readSourceRange(text);
  if (!range.ok) throw new Error(range.refusal.detail);
  return range.value;
}

describe('domain.md §4: inbound is default-deny', () => {
  it.each([
    '0.0.0.0/0',
    '10.0.0.0/7',
    '::/0',
    '2000::/15',
    '::ffff:0:0/96',
    '::/16',
    '::ffff:0.0.0.0/100',
    '192.0.2.0/33',
    '192.0.2.300',
    '192.0.2.0/',
    '192.0.2.0/24/8',
    '1.2.3',
    '01.2.3.4',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    'carrier.example',
    '',
  ])('%j is no range of a trunk', (text) => {
    expect(readSourceRange(text)).toMatchObject({ refusal: { code: 'source-range-refused' } });
  });

  it.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.128/25', '192.0.2.200', true],
    ['192.0.2.128/25', '192.0.2.100', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['2001:db8::/32', '2001:db8:1::5', true],
    ['2001:db8::/32', '2001:db9::5', false],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
    ['192.0.2.0/24', 'no address', false],
  ])('%s has %s: %s', (range, address, isIn) => {
    const ranges = new SourceRanges<string>();
    ranges.add(rangeOf(range), 'kt');
    expect(ranges.ownerOf(address)).toBe(isIn ? 'kt' : undefined);
  });

  it('two ranges overlap or not, whoever is asked', () => {
    const [all, some, other] = [rangeOf('192.0.2.0/24'), rangeOf('192.0.2.128/25'), rangeOf('192.0.3.0/24')];
    expect([overlaps(all, some), overlaps(some, all), overlaps(all, other)]).toEqual([true, true, false]);
  });

  it('two ranges overlap where one has the beginning of the other, in either order', () => {
    const byte = fc.nat(3);
    const range = fc
      .tuple(byte, byte, fc.integer({ min: 20, max: 32 }))
      .map(([third, fourth, bits]) => `192.0.${third}.${fourth}/${bits}`);
    const addresses = [0, 1, 2, 3].flatMap((third) =>
      [0, 1, 2, 3].map((fourth) => `192.0.${third}.${fourth}`),
    );
    const holds = (text: string, address: string) => {
      const ranges = new SourceRanges<string>();
      ranges.add(rangeOf(text), text);
      return ranges.ownerOf(address) !== undefined;
    };
    fc.assert(
      fc.property(range, range, (one, other) => {
        const shared = addresses.some((address) => holds(one, address) && holds(other, address));
        expect(overlaps(rangeOf(one), rangeOf(other))).toBe(shared);
        expect(overlaps(rangeOf(other), rangeOf(one))).toBe(shared);
      }),
    );
  });
});
