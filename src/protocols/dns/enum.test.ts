import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enumName, enumSipUris } from './enum.ts';
import type { Naptr } from './sip-services.ts';

const NUMBER = '+82262006200';

function record(regexp: string, more: Partial<Naptr> = {}): Naptr {
  return { order: 100, preference: 10, flags: 'u', service: 'E2U+sip', regexp, replacement: '', ...more };
}

const urisOf = (...records: Naptr[]) => enumSipUris(records, NUMBER);

it('RFC 6116 §3.2: a number is its digits backwards', () => {
  expect(enumName(NUMBER, 'e164.arpa')).toBe('0.0.2.6.0.0.2.6.2.2.8.e164.arpa');
});

describe('RFC 6116 §3.4: what a record makes of a number', () => {
  it.each([
    ['all of it replaced', '!^.*$!sip:info@acme.example!', 'sip:info@acme.example'],
    ['a group of it kept', '!^\\+82(.*)$!sip:\\1@acme.example!', 'sip:262006200@acme.example'],
    [
      'two groups, the other way round',
      '!^\\+(82)(.*)$!sip:\\2-\\1@acme.example!',
      'sip:262006200-82@acme.example',
    ],
    ['a group there is not', '!^.*$!sip:a\\3@acme.example!', 'sip:a@acme.example'],
    ['another delimiter', '/^.*$/sip:a@acme.example/', 'sip:a@acme.example'],
    ['no case', '!^.*$!SIP:a@acme.example!i', 'SIP:a@acme.example'],
    ['over TLS', '!^.*$!sips:a@acme.example!', 'sips:a@acme.example'],
  ])('%s', (_, regexp, uri) => {
    expect(urisOf(record(regexp))).toEqual([uri]);
  });

  it.each([
    ['nothing', ''],
    ['a delimiter alone', '!'],
    ['a digit for a delimiter', '1^.*$1sip:a@acme.example1'],
    ['no end', '!^.*$!sip:a@acme.example'.repeat(2)],
    ['a flag nobody knows', '!^.*$!sip:a@acme.example!x'],
    ['a pattern of another number', '!^\\+81.*$!sip:a@acme.example!'],
    ['a pattern that is none', '!^(.*$!sip:a@acme.example!'],
    ['no SIP', '!^.*$!mailto:a@acme.example!'],
    ['a line of its own', '!^.*$!sip:a SIP/2.0\r\nVia: x@acme.example!'],
    ['a space', '!^.*$!sip:a b@acme.example!'],
    ['the end of an address', '!^.*$!sip:a>;x=<y@acme.example!'],
    ['a control character', '!^.*$!sip:a\u0000@acme.example!'],
    ['letters beyond ASCII', '!^.*$!sip:é@acme.example!'],
    ['more than is read', `!^.*$!sip:${'a'.repeat(260)}@acme.example!`],
    ['a name cut off where it grew too long', `!^(.*)$!sip:${'\\1'.repeat(40)}@acme.example!`],
  ])('is none for %s', (_, regexp) => {
    expect(urisOf(record(regexp))).toEqual([]);
  });

  it.each([
    ['another service', { service: 'E2U+email:mailto' }],
    ['SIP as what another service is over', { service: 'E2U+pstn:sip' }],
    ['no service of telephone numbers', { service: 'sip' }],
    ['a record that leads to other records', { flags: '' }],
    ['one that names a server', { flags: 's' }],
  ])('is none for %s', (_, more) => {
    expect(urisOf(record('!^.*$!sip:a@acme.example!', more))).toEqual([]);
  });

  it('RFC 6116 §3.4.3: services may share a record', () => {
    const more = { service: 'E2U+voice:tel+sip', flags: 'U' };
    expect(urisOf(record('!^.*$!sip:a@acme.example!', more))).toHaveLength(1);
  });

  it('RFC 3403 §4.1: by order, then by preference, each once', () => {
    const to = (user: string, order: number, preference: number) =>
      record(`!^.*$!sip:${user}@acme.example!`, { order, preference });
    expect(urisOf(to('c', 20, 1), to('b', 10, 9), to('a', 10, 2), to('a', 30, 1))).toEqual([
      'sip:a@acme.example',
      'sip:b@acme.example',
      'sip:c@acme.example',
    ]);
  });
});

describe('records of strangers', () => {
  it.each([
    ['repeats of repeats', '((((.{50}){50}){50}){50})'],
    ['stars of stars', '((((((.*)*)*)*)*)*)*x'],
    ['many stars', `${'(.*)*'.repeat(45)}x`],
    ['alternatives that all fit', `(${'.|'.repeat(50)}.)*x`],
  ])('take no time: %s', (_, pattern) => {
    const fromMs = performance.now();
    expect(urisOf(record(`!${pattern}!sip:a@acme.example!`))).toEqual([]);
    // A backtracking engine needs minutes or years; the machine may be busy.
    expect(performance.now() - fromMs).toBeLessThan(1_000);
  });

  it('never throw, and never make a URI that would be two lines or two words', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }));
    fc.assert(
      fc.property(text, text, (pattern, user) => {
        for (const uri of urisOf(record(`!${pattern}!sip:${user}@h!`), record(`!.*!sip:${user}@h!`))) {
          expect(uri).toMatch(/^sips?:[!-~]+$/);
        }
      }),
    );
  });
});
