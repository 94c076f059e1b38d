import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Bencoded, type Encodable, parseBencode, printBencode } from './bencode.ts';

const { value } = fc.letrec<{ value: Encodable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
}));

it('BEP 3: what is printed is read again', () => {
  fc.assert(
    fc.property(value, (written) => {
      expect(parseBencode(Buffer.from(printBencode(written)))).toEqual(asRead(written));
    }),
  );
  expect(printBencode({ command: 'ping', n: [1, 'é'] })).toBe('d7:command4:ping1:nli1e2:éee');
});

it('BEP 3: what is malformed is nothing, and throws nothing', () => {
  for (const text of ['', 'i1', 'ie', '5:abc', 'd1:ae', 'l', 'e', 'i1ei2e', '-1:a', 'l'.repeat(100_000)])
    expect(parseBencode(Buffer.from(text))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      parseBencode(Buffer.from(bytes));
    }),
  );
});

function asRead(written: Encodable): Bencoded {
  if (typeof written !== 'object') return written;
  if (Array.isArray(written)) return written.map(asRead);
  return new Map(Object.entries(written).map(([key, each]) => [key, asRead(each)]));
}
