import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callId, cseq, fromTag, headerValue, headerValues, topVia, toTag } from './headers.ts';
import { parseMessage } from './parse-message.ts';
import { printMessage } from './print-message.ts';

const INVITE = [
  'INVITE sip:62006200%23082@omnidial.test SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK-1;rport',
  'Max-Forwards: 70',
  'f: "Kim, \\"Minji\\"" <sip:kim@omnidial.test>;tag=a1',
  'To: <sip:62006200%23082@omnidial.test>',
  'i: call-1@192.0.2.7',
  'CSeq: 314 INVITE',
  'Subject: a long',
  '  story',
  'Route: <sip:one;lr>, "a, b" <sip:two;lr>',
  'Content-Type: application/sdp',
  'l: 4',
  '',
  'v=0\n',
].join('\r\n');

function read(text: string) {
  return parseMessage(Buffer.from(text));
}

function request(text: string) {
  const message = read(text);
  if (!message.ok || message.value.kind !== 'request') throw new Error('no request');
  return message.value;
}

describe('a SIP message', () => {
  it('RFC 3261 §7.3.3: compact header names are the same as the long ones', () => {
    expect(callId(request(INVITE))).toBe('call-1@192.0.2.7');
    expect(fromTag(request(INVITE))).toBe('a1');
  });

  it('RFC 3261 §7.3.1: a folded line continues the header before', () => {
    expect(headerValue(request(INVITE), 'Subject')).toBe('a long story');
  });

  it('RFC 3261 §7.3.1: commas inside quotes do not split a list', () => {
    expect(headerValues(request(INVITE), 'Route')).toEqual(['<sip:one;lr>', '"a, b" <sip:two;lr>']);
  });

  it('reads what transactions and dialogs are found by', () => {
    const invite = request(INVITE);
    expect(cseq(invite)).toEqual({ number: 314, method: 'INVITE' });
    expect(topVia(invite)).toMatchObject({
      transport: 'UDP',
      host: '192.0.2.7',
      port: 5080,
      branch: 'z9hG4bK-1',
    });
    expect(toTag(invite)).toBeUndefined();
  });

  it('is printed as it was read', () => {
    const invite = request(INVITE);
    expect(read(printMessage(invite).toString())).toEqual({
      ok: true,
      value: {
        ...invite,
        headers: invite.headers
          .filter(({ name }) => name !== 'Content-Length')
          .concat({ name: 'Content-Length', value: '4' }),
      },
    });
  });

  it.each([
    ['RFC 3261 §8.1.1: a missing Call-ID', INVITE.replace('i: call-1@192.0.2.7\r\n', ''), 400],
    ['RFC 3261 §18.3: a body shorter than Content-Length', INVITE.replace('l: 4', 'l: 400'), 400],
    ['RFC 4475 §3.1.2.2: a Content-Length that is no number', INVITE.replace('l: 4', 'l: -9'), 400],
    [
      'RFC 4475 §3.1.2.16: an unknown protocol version',
      INVITE.replace('@omnidial.test SIP/2.0', '@omnidial.test SIP/7.0'),
      505,
    ],
    [
      'RFC 4475 §3.1.2.6: an unterminated quoted display name',
      INVITE.replace('\\"" <sip:kim', ' <sip:kim'),
      400,
    ],
    [
      'RFC 4475 §3.1.2.7: a Request-URI in angle brackets',
      INVITE.replace('sip:62006200%23082@omnidial.test SIP', '<sip:a@b.test> SIP'),
      400,
    ],
    [
      'RFC 4475 §3.1.2.4: a request scalar out of range',
      INVITE.replace('314 INVITE', '36893488147419103232 INVITE'),
      400,
    ],
    [
      'RFC 4475 §3.1.2.17: a method in CSeq other than that of the request',
      INVITE.replace('314 INVITE', '314 OPTIONS'),
      400,
    ],
    [
      'RFC 4475 §3.3.8: the same single header twice',
      INVITE.replace('CSeq', 'To: <sip:x@y.test>\r\nCSeq'),
      400,
    ],
    ['a bare line feed, which could hide a header', INVITE.replace('70\r\n', '70\nX: y\r\n'), 400],
  ])('is refused for %s', (_, text, status) => {
    expect(read(text)).toMatchObject({ ok: false, problem: { status } });
  });

  it('gives what an answer needs where a malformed request can be answered', () => {
    const answerable = read(INVITE.replace('314 INVITE', '314 OPTIONS'));
    expect(answerable).toMatchObject({ ok: false, answerable: { method: 'INVITE' } });
  });

  it('never makes the reader throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.nat(INVITE.length - 1), fc.uint8Array({ maxLength: 12 }), (at, noise) => {
        const bytes = Buffer.concat([Buffer.from(INVITE.slice(0, at)), noise, Buffer.from(INVITE.slice(at))]);
        const message = parseMessage(bytes);
        expect(
          message.ok ? printMessage(message.value).length : message.problem.detail.length,
        ).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
