import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressProblem, parseAddress } from './address.ts';
import type { SipMessage } from './message.ts';
import { parseMessage } from './parse-message.ts';
import { printMessage } from './print-message.ts';
import { isVia, parseVia } from './via.ts';

const SEEDS = [
  [
    'INVITE sip:62006200%23082@omnidial.test;user=phone SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK-1;rport, SIP / 2.0 / TCP [2001:db8::1]:65535;branch=z9hG4bK-2',
    'Max-Forwards: 70',
    'f: "Kim, \\"Minji\\" 김" <sip:kim@omnidial.test>;tag=a1',
    'To: Bob B <sip:62006200%23082@omnidial.test>;x="y;z"',
    'i: call-1@192.0.2.7',
    'CSeq: 314 INVITE',
    'Subject: a long',
    '  story',
    'Route: <sip:one;lr>, "a, b" <sip:two;lr>',
    'X-Own : value ',
    'l: 4',
    '',
    'v=0\n',
  ],
  [
    'SIP/2.0 200 Fine',
    'Via: SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK-1;rport=5080;received=192.0.2.7',
    'To: sip:k@omnidial.test;tag=b1',
    'From: "Kim" <sip:0262@omnidial.test>;tag=a1',
    'Call-ID: 5d@192.0.2.7',
    'CSeq: 5621 INVITE',
    'Content-Length: 0',
    '',
    '',
  ],
].map((lines) => Buffer.from(lines.join('\r\n')));

/** What has a meaning somewhere in a message, and so does the most harm in a wrong place. */
const TELLING = [
  ...[
    ' ',
    '\t',
    '\r\n',
    '\r',
    '\n',
    '\r\n ',
    '\r\n\r\n',
    '\0',
    ':',
    ';',
    '=',
    ',',
    '"',
    '<',
    '>',
    '@',
    '\\',
    '%',
    '(',
  ],
  ...[
    '0',
    '99999999999',
    '-1',
    ':0',
    ':65536',
    'SIP/2.0',
    'SIP/7.0',
    'Via: ',
    '\r\nTo: ',
    '\r\nl: 1',
    'sip:',
    ';tag=',
  ],
  ...['é', '\u00a0', '\u2028', '＃', '\ud83d\ude00'],
].map((text) => Buffer.from(text));

const mutation = fc.record({
  at: fc.nat(600),
  taken: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(10)),
  put: fc.oneof(fc.constantFrom(...TELLING), fc.uint8Array({ maxLength: 4 })),
});

const mutated = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([seed, mutations]) =>
    mutations.reduce<Buffer>((bytes, { at, taken, put }) => {
      const from = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + taken)]);
    }, seed),
  );

/** A message as text, without Content-Length, which the printer writes anew. */
function essence(message: SipMessage): unknown {
  const headers = message.headers.filter(({ name }) => name !== 'Content-Length');
  return { ...message, headers, body: Buffer.from(message.body).toString('hex') };
}

describe('a mutated message', () => {
  it('RFC 4475: never makes the reader throw, and what is read is printed and read again as the same', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (bytes) => {
        const message = parseMessage(bytes);
        if (!message.ok) return;
        accepted += 1;
        const again = parseMessage(printMessage(message.value));
        expect(again.ok && essence(again.value)).toEqual(essence(message.value));
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it('is answered, where it can be, with a status of its own', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const message = parseMessage(bytes);
        if (message.ok) return;
        expect([400, 505, 513]).toContain(message.problem.status);
        const names = message.answerable?.headers.map(({ name }) => name);
        if (names !== undefined)
          for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) expect(names).toContain(name);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the short ways of the reader', () => {
  const near = (seed: string) =>
    fc
      .tuple(fc.nat(seed.length), fc.nat(3), fc.constantFrom(...TELLING.map(String), ''))
      .map(([at, taken, put]) => seed.slice(0, at) + put + seed.slice(at + taken));

  it.each([
    'SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK-1;rport',
    'SIP/2.0/TLS omnidial.test.:65535;received=192.0.2.1',
  ])('find the same Vias well-formed as the long one: near %s', (seed) => {
    fc.assert(
      fc.property(near(seed), (text) => isVia(text) === parseVia(text).ok),
      { numRuns: 2000 },
    );
  });

  it.each(['"Kim Minji" <sip:0262@omnidial.test>;tag=8f1d', 'Bob B <sips:bob@[::1]:5061>', 'tel:+8226200'])(
    'find the same addresses well-formed as the long one: near %s',
    (seed) => {
      fc.assert(
        fc.property(near(seed), (text) => (addressProblem(text) === undefined) === parseAddress(text).ok),
        { numRuns: 2000 },
      );
    },
  );

  it.each([
    ['a display name', (n: number) => `${'a'.repeat(n)}( <sip:a@b.test>`],
    ['a URI', (n: number) => `<${'a.'.repeat(n)}:a@b.test> {`],
    ['quotes', (n: number) => `"${'\\"'.repeat(n)} <sip:a@b.test>`],
    ['parameters', (n: number) => `<sip:a@b.test>${';tag=a'.repeat(n)}"`],
  ])('take time in proportion to %s that are long and wrong', (_, text) => {
    const startMs = performance.now();
    expect(addressProblem(text(100_000))).toBeDefined();
    expect(performance.now() - startMs).toBeLessThan(1_500);
  });
});
