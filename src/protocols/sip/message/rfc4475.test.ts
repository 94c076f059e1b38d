import { describe, expect, it } from 'vitest';
import { parseAddressList } from './address.ts';
import { fromTag, headerValue, headerValues, maxForwards, topVia, toTag } from './headers.ts';
import type { SipRequest } from './message.ts';
import { parseMessage } from './parse-message.ts';
import { parseUri, unescapeUser } from './uri.ts';

/*
 * Every message of RFC 4475, written anew after its description there, and what becomes of it here. The table
 * for people is `docs/rfc/4475.md`.
 */

type Lines = Readonly<Record<string, string | readonly string[]>>;

const USUAL: Lines = {
  Via: 'SIP/2.0/UDP host.example.com;branch=z9hG4bK-torture',
  'Max-Forwards': '70',
  From: '<sip:caller@example.com>;tag=from-1',
  To: '<sip:callee@example.net>',
  'Call-ID': 'torture@host.example.com',
};

function text(startLine: string, method: string, changes: Lines, body: string): Buffer {
  const headers = {
    ...USUAL,
    CSeq: `7 ${method}`,
    'Content-Length': String(Buffer.byteLength(body)),
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  return Buffer.from([startLine, ...lines, '', body].join('\r\n'));
}

/** A request with the usual headers, but for those that are changed; a list gives several, and an empty one none. */
function request(method: string, uri: string, changes: Lines = {}, body = ''): Buffer {
  return text(`${method} ${uri} SIP/2.0`, method, changes, body);
}

function response(status: string, changes: Lines = {}): Buffer {
  return text(`SIP/2.0 ${status}`, 'INVITE', { To: '<sip:callee@example.net>;tag=to-1', ...changes }, '');
}

function raw(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'));
}

const SPACED = raw(
  'INVITE sip:callee@example.com;unknownparam SIP/2.0',
  'TO :',
  ' sip:callee@example.com ;   tag    = to1',
  'from   : "C \\\\\\""       <sip:caller@example.com>',
  '  ;',
  '  tag = from1',
  'MaX-fOrWaRdS: 0068',
  'Call-ID: spaced@192.0.2.1',
  'Content-Length   : 4',
  'cseq: 0009',
  '  INVITE',
  'Via  : SIP  /   2.0',
  ' /UDP',
  '    192.0.2.2;branch=old-style',
  's :',
  'NewFangledHeader:   newfangled value',
  ' continued newfangled value',
  'UnknownHeaderWithUnusualValue: ;;,,;;,;',
  'Content-Type: application/sdp',
  'Route:',
  ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
  'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
  '  branch  =   z9hG4bK9ikj8  ,',
  ' SIP  /    2.0   / UDP  192.0.2.9   ; branch=',
  ' z9hG4bK30239',
  'm:"Quoted \\"\\"" <sip:caller@example.com> ; newparam =',
  '      newvalue ;',
  '  secondparam ; q = 0.33',
  '',
  'v=0\n',
);

const ODD_METHOD = "!odd-Method0123456789_*+`.%indeed'~";
const ODD_URI =
  "sip:1_odd.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
const ODD = request(ODD_METHOD, ODD_URI, {
  Via: "SIP/2.0/UDP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
  To: '"BEL:\\\x07 DEL:\\\x7f" <sip:1_odd.URI~(to-be!sure)&isn\'t+it$/crazy?,/;;*@example.com>',
  From: "token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"работающий\";tag=_token~1'+`*%!-.",
  'Call-ID': 'odd.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
  "extensionHeader-!.%*+_`'~": '\ufeff大停電',
});

const NULS = request('OPTIONS', 'sip:a@example.com', { To: '"NUL:\\\0" <sip:callee@example.net>' });
const TWICE = Buffer.concat([
  request('REGISTER', 'sip:example.com'),
  request('INVITE', 'sip:joe@example.com'),
]);
const LONG = request('INVITE', 'sip:user@example.com', {
  To: `"I have a user name of ${'extreme'.repeat(60)} proportion" <sip:user@example.com>`,
  From: `<sip:${'amazinglylong'.repeat(20)}@example.net>;tag=${'12'.repeat(500)};unknown${'Long'.repeat(50)}=x`,
  'Unknown-Header': 'long '.repeat(200).trim(),
  Via: Array.from({ length: 30 }, (_, n) => `SIP/2.0/TCP sip${n}.example.com;branch=z9hG4bK${n}`),
});

type Row = readonly [section: string, title: string, message: Buffer];

const ACCEPTED: readonly Row[] = [
  ['3.1.1.1', 'a short tortuous INVITE', SPACED],
  ['3.1.1.2', 'a wide range of valid characters', ODD],
  [
    '3.1.1.3',
    'escapes where they are allowed',
    request('INVITE', 'sip:sips%3Auser%40example.com@example.net'),
  ],
  [
    '3.1.1.4',
    'escaped NULs in URIs',
    request('REGISTER', 'sip:example.com', { To: 'sip:null-%00-null@example.com' }),
  ],
  ['3.1.1.5', '% that is no escape', request('RE%47IST%45R', 'sip:registrar.example.com')],
  [
    '3.1.1.6',
    'no space before <',
    request('OPTIONS', 'sip:user@example.com', { From: 'caller<sip:c@example.com>;tag=3' }),
  ],
  ['3.1.1.7', 'long values', LONG],
  ['3.1.1.8', 'a second message in the same datagram', TWICE],
  ['3.1.1.9', 'parameters in the user part', request('OPTIONS', 'sip:user;par=u%40example.net@example.com')],
  [
    '3.1.1.10',
    'unknown transports',
    request('OPTIONS', 'sip:user@example.com', {
      Via: ['SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bK1', 'SIP/2.0/SCTP t2.example.com;branch=z9hG4bK2'],
    }),
  ],
  [
    '3.1.1.11',
    'a body of several parts',
    request(
      'MESSAGE',
      'sip:kumiko@example.org',
      { 'Content-Type': 'multipart/mixed;boundary=7a9c' },
      '--7a9c\r\n\r\nHello\r\n--7a9c\r\nContent-Type: application/octet-stream\r\n\r\n\0\x01\r\n--7a9c--',
    ),
  ],
  ['3.1.1.12', 'an unusual reason phrase', response('200 = 2**3 * 5**2 но сто девяносто девять - простое')],
  ['3.1.1.13', 'an empty reason phrase', response('100 ')],
  [
    '3.1.2.12',
    'a Date in another time zone, which nobody reads',
    request('INVITE', 'sip:user@example.com', { Date: 'Fri, 01 Jan 2010 16:00:00 EST' }),
  ],
  [
    '3.1.2.13',
    'a Contact without its brackets, which the registrar refuses',
    request('REGISTER', 'sip:example.com', {
      Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E',
    }),
  ],
  ['3.3.2', 'an unknown scheme', request('OPTIONS', 'nobodyKnowsThisScheme:totallyopaquecontent')],
  ['3.3.3', 'a scheme that is known elsewhere', request('OPTIONS', 'soap.beep://192.0.2.103:3002')],
  [
    '3.3.4',
    'unknown schemes in headers',
    request('REGISTER', 'sip:example.com', {
      To: 'isbn:2983792873',
      From: '<http://www.example.com>;tag=3',
      Contact: '<name:John_Smith>',
    }),
  ],
  [
    '3.3.5',
    'extensions that are required',
    request('OPTIONS', 'sip:user@example.com', {
      Require: 'nothingSupportsThis, nothingSupportsThisEither',
      'Proxy-Require': 'noProxiesSupportThis',
    }),
  ],
  [
    '3.3.6',
    'an unknown type of body',
    request('INVITE', 'sip:user@example.com', { 'Content-Type': 'application/unknownformat' }, '<audio/>'),
  ],
  [
    '3.3.7',
    'an unknown way to authorize',
    request('REGISTER', 'sip:example.com', { Authorization: 'NoOneKnowsThisScheme opaque-data=here' }),
  ],
  [
    '3.3.10',
    'a 200 with a broadcast Via',
    response('200 OK', {
      Via: ['SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1', 'SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK2'],
    }),
  ],
  ['3.3.11', 'a Max-Forwards of zero', request('OPTIONS', 'sip:user@example.com', { 'Max-Forwards': '0' })],
  [
    '3.3.12',
    'a REGISTER with a Contact parameter',
    request('REGISTER', 'sip:example.com', { Contact: 'sip:+19725552222@gw1.example.net;unknownparam' }),
  ],
  [
    '3.3.13',
    'a REGISTER with a URI parameter',
    request('REGISTER', 'sip:example.com', { Contact: '<sip:+19725552222@gw1.example.net;unknownparam>' }),
  ],
  [
    '3.3.14',
    'a REGISTER with a header in the Contact URI',
    request('REGISTER', 'sip:example.com', {
      Contact: '<sip:user@example.com?Route=%3Csip:sip.example.com%3E>',
    }),
  ],
  [
    '3.3.15',
    'an Accept without session descriptions',
    request('INVITE', 'sip:user@example.com', { Accept: 'text/nobodyKnowsThis' }),
  ],
  [
    '3.4.1',
    'an INVITE of RFC 2543',
    request('INVITE', 'sip:UserB@example.com', {
      Via: 'SIP/2.0/UDP iftgw.example.com',
      'Max-Forwards': [],
      From: '<sip:+13035551111@ift.client.example.net;user=phone>',
      'Record-Route': '<sip:UserB@example.com;maddr=ss1.example.com>',
    }),
  ],
];

const ANSWERED: readonly (readonly [...Row, status: number])[] = [
  [
    '3.1.2.2',
    'a Content-Length beyond the message',
    request('INVITE', 'sip:user@example.com', { 'Content-Length': '9999' }),
    400,
  ],
  [
    '3.1.2.3',
    'a negative Content-Length',
    request('INVITE', 'sip:user@example.com', { 'Content-Length': '-999' }),
    400,
  ],
  [
    '3.1.2.4',
    'an overlarge CSeq',
    request('REGISTER', 'sip:example.com', { CSeq: '36893488147419103232 REGISTER' }),
    400,
  ],
  [
    '3.1.2.4',
    'an overlarge Max-Forwards',
    request('REGISTER', 'sip:example.com', { 'Max-Forwards': '300' }),
    400,
  ],
  [
    '3.1.2.6',
    'a quoted string without its end',
    request('INVITE', 'sip:user@example.com', { To: '"Mr. J. User <sip:j.user@example.com>' }),
    400,
  ],
  ['3.1.2.7', 'a Request-URI in angle brackets', request('INVITE', '<sip:user@example.com>'), 400],
  ['3.1.2.8', 'a Request-URI with white space', request('INVITE', 'sip:user@example.com; lr'), 400],
  ['3.1.2.9', 'several spaces in the request line', request('INVITE', ' sip:user@example.com '), 400],
  [
    '3.1.2.10',
    'spaces after the request line',
    text('OPTIONS sip:user@example.com SIP/2.0  ', 'OPTIONS', {}, ''),
    400,
  ],
  [
    '3.1.2.11',
    'headers in the Request-URI',
    request('INVITE', 'sip:user@example.com?Route=%3Csip:example.com%3E'),
    400,
  ],
  [
    '3.1.2.14',
    'spaces within an address',
    request('OPTIONS', 'sip:user@example.org', { To: '"Watson, Thomas" < sip:t.watson@example.org >' }),
    400,
  ],
  [
    '3.1.2.15',
    'a comma in a display name',
    request('OPTIONS', 'sip:user@example.org', { From: 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43' }),
    400,
  ],
  ['3.1.2.16', 'an unknown version', text('OPTIONS sip:user@example.com SIP/7.0', 'OPTIONS', {}, ''), 505],
  [
    '3.1.2.17',
    'another method in CSeq',
    request('OPTIONS', 'sip:user@example.com', { CSeq: '8 INVITE' }),
    400,
  ],
  [
    '3.1.2.18',
    'an unknown method, and another in CSeq',
    request('NEWMETHOD', 'sip:user@example.com', { CSeq: '8 INVITE' }),
    400,
  ],
  [
    '3.2.1',
    'a branch that is the cookie alone',
    request('OPTIONS', 'sip:user@example.com', { Via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' }),
    400,
  ],
  [
    '3.3.8',
    'several values where there is one',
    request('INVITE', 'sip:user@example.com', {
      CSeq: ['5 INVITE', '59 INVITE'],
      From: ['<sip:a@b.test>;tag=1', '<sip:c@d.test>;tag=2'],
    }),
    400,
  ],
  [
    '3.3.9',
    'two lengths',
    request('OPTIONS', 'sip:user@example.com', { 'Content-Length': ['13', '5'] }, 'There is text'),
    400,
  ],
];

const DROPPED: readonly Row[] = [
  ['3.1.1.2', 'a NUL, even an escaped one', NULS],
  [
    '3.1.2.1',
    'separators without anything between them',
    request('INVITE', 'sip:user@example.com', {
      Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,',
      Contact: '"Joe" <sip:joe@example.org>;;;;',
    }),
  ],
  [
    '3.1.2.5',
    'a response with an overlarge CSeq',
    response('503 Service Unavailable', { CSeq: '9292394834772304023312 OPTIONS' }),
  ],
  ['3.1.2.19', 'an overlarge response code', response('4294967301 better not break the receiver')],
  [
    '3.3.1',
    'no From, To and Call-ID',
    request('INVITE', 'sip:user@example.com', { From: [], To: [], 'Call-ID': [] }),
  ],
];

function accepted(section: string): SipRequest {
  const [, , bytes = Buffer.alloc(0)] = ACCEPTED.find(([name]) => name === section) ?? [];
  const message = parseMessage(bytes);
  if (!message.ok || message.value.kind !== 'request') throw new Error(`no request in ${section}`);
  return message.value;
}

describe('the torture tests of RFC 4475', () => {
  it.each(ACCEPTED)('§%s accepts %s', (_, __, bytes) => {
    expect(parseMessage(bytes)).toMatchObject({ ok: true });
  });

  it.each(ANSWERED)('§%s answers %s', (_, __, bytes, status) => {
    expect(parseMessage(bytes)).toMatchObject({
      ok: false,
      problem: { status },
      answerable: { kind: 'request' },
    });
  });

  it.each(DROPPED)('§%s drops %s', (_, __, bytes) => {
    const message = parseMessage(bytes);
    expect(message.ok).toBe(false);
    expect(message).not.toHaveProperty('answerable');
  });

  it('are all there', () => {
    const sections = new Set([...ACCEPTED, ...ANSWERED, ...DROPPED].map(([section]) => section));
    const counts = { '3.1.1': 13, '3.1.2': 19, '3.2': 1, '3.3': 15, '3.4': 1 };
    const wanted = Object.entries(counts).flatMap(([part, count]) =>
      Array.from({ length: count }, (_, index) => `${part}.${index + 1}`),
    );
    expect([...sections].sort()).toEqual(wanted.sort());
  });
});

describe('what is read of the valid ones', () => {
  it('§3.1.1.1: values in spite of folds and spaces', () => {
    const message = accepted('3.1.1.1');
    expect([toTag(message), fromTag(message), maxForwards(message)]).toEqual(['to1', 'from1', 68]);
    expect(topVia(message)).toMatchObject({ transport: 'UDP', host: '192.0.2.2', branch: 'old-style' });
    expect(headerValues(message, 'Via')).toHaveLength(3);
    expect(headerValue(message, 'NewFangledHeader')).toBe('newfangled value continued newfangled value');
    const contact = parseAddressList(headerValue(message, 'Contact') ?? '');
    expect(contact).toMatchObject({
      ok: true,
      value: [{ displayName: 'Quoted ""', uri: 'sip:caller@example.com' }],
    });
  });

  it('§3.1.1.2: a method, a user and a password of all characters', () => {
    const message = accepted('3.1.1.2');
    expect(message.method).toBe(ODD_METHOD);
    expect(parseUri(message.uri)).toMatchObject({ ok: true, value: { host: 'example.com' } });
  });

  it('§3.1.1.3: an escaped @ does not end the user', () => {
    const uri = parseUri(accepted('3.1.1.3').uri);
    expect(uri).toMatchObject({ ok: true, value: { host: 'example.net' } });
    expect(uri.ok && unescapeUser(uri.value.user ?? '')).toBe('sips:user@example.com');
  });

  it('§3.1.1.4: an escaped NUL stays escaped', () => {
    const uri = parseUri(headerValue(accepted('3.1.1.4'), 'To') ?? '');
    expect(uri.ok && unescapeUser(uri.value.user ?? '')).toBe('null-%00-null');
  });

  it('§3.1.1.5: a method with escapes is not the one they spell', () => {
    expect(accepted('3.1.1.5').method).toBe('RE%47IST%45R');
  });

  it('§3.1.1.8: the body ends where Content-Length says', () => {
    expect(accepted('3.1.1.8').body).toHaveLength(0);
  });

  it('§3.1.1.9: what follows a semicolon before the @ is user', () => {
    expect(parseUri(accepted('3.1.1.9').uri)).toMatchObject({
      ok: true,
      value: { user: 'user;par=u%40example.net', host: 'example.com' },
    });
  });

  it.each(['3.3.2', '3.3.3'])('§%s: the scheme is a 416 for whoever has to reach it', (section) => {
    expect(parseUri(accepted(section).uri)).toMatchObject({ ok: false, problem: { status: 416 } });
  });

  it('§3.1.2.13: a Contact with a question mark and without brackets is a 400 for the registrar', () => {
    expect(parseAddressList(headerValue(accepted('3.1.2.13'), 'Contact') ?? '')).toMatchObject({
      ok: false,
      problem: { status: 400 },
    });
  });

  it.each([
    ['3.3.12', { uri: 'sip:+19725552222@gw1.example.net', params: new Map([['unknownparam', '']]) }],
    ['3.3.13', { uri: 'sip:+19725552222@gw1.example.net;unknownparam', params: new Map() }],
    ['3.3.14', { uri: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E', params: new Map() }],
  ])('§%s: the brackets say whose the parameters are', (section, address) => {
    expect(parseAddressList(headerValue(accepted(section), 'Contact') ?? '')).toEqual({
      ok: true,
      value: [address],
    });
  });
});
