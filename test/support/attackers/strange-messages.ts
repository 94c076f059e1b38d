/** A message that is strange or broken, and what is strange about it. */
export type StrangeMessage = { readonly about: string; readonly bytes: Buffer };

/**
 * Messages after the descriptions of RFC 4475 (the section is cited), written for a server at `server`
 * (`host:port`). All are requests or answers that nobody of good will sends, or that only a strict parser reads
 * rightly.
 */
export function strangeMessages(server: string): readonly StrangeMessage[] {
  const uri = `sip:nobody@${server}`;
  const via = (branch: string) => `Via: SIP/2.0/UDP 127.0.0.1:29999;branch=z9hG4bK${branch};rport`;
  const standard = (method: string, mark: string) => [
    via(mark),
    'Max-Forwards: 70',
    `From: <sip:stranger@${server}>;tag=${mark}`,
    `To: <${uri}>`,
    `Call-ID: ${mark}@strange`,
    `CSeq: 1 ${method}`,
    'Contact: <sip:stranger@127.0.0.1:29999>',
  ];
  const text = (about: string, lines: readonly string[], body = '') => ({
    about,
    bytes: Buffer.from([...lines, '', body].join('\r\n')),
  });
  const request = (about: string, method: string, mark: string, change: (line: string) => string) =>
    text(about, [`${method} ${uri} SIP/2.0`, ...standard(method, mark), 'Content-Length: 0'].map(change));
  const replace = (name: string, value: string) => (line: string) =>
    line.startsWith(`${name}:`) ? `${name}: ${value}` : line;

  return [
    text('§3.1.1.1 a short and tortuous INVITE', [
      `INVITE sip:vivekg@${server};unknownparam SIP/2.0`,
      `TO :\r\n sip:vivekg@${server} ;   tag    = 1918181833n`,
      `from   : "J Rosenberg \\\\\\""       <sip:jdrosen@${server}>\r\n  ;\r\n  tag = 98asjd8`,
      'MaX-fOrWaRdS: 0068',
      'Call-ID: tortuous.1',
      'Content-Length   : 0',
      'cseq: 0009\r\n  INVITE',
      'Via  : SIP  /   2.0\r\n /UDP\r\n    127.0.0.1:29999;rport;branch=z9hG4bK390skdjuw',
      's :',
      'NewFangledHeader:   newfangled value\r\n continued newfangled value',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=z9hG4bK30239',
      'm:"Quoted string \\"\\"" <sip:jdrosen@127.0.0.1:29999> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33',
    ]),
    request(
      '§3.1.1.2 every character a method may have',
      "!interesting-Method0123456789_*+`.%indeed'~",
      'widechars',
      (l) => l,
    ),
    request('§3.1.1.3 an escaped user that holds a null', 'OPTIONS', 'escnull', (line) =>
      line.startsWith('OPTIONS') ? `OPTIONS sip:null-%00-null@${server} SIP/2.0` : line,
    ),
    request('§3.1.1.4 escapes in a method name', 'RE%47IST%45R', 'esc02', (l) => l),
    request(
      '§3.1.1.5 a tag without a semicolon before it',
      'OPTIONS',
      'lwsdisp',
      replace('From', 'caller<sip:caller@example.com>;tag=323'),
    ),
    request(
      '§3.1.1.6 very long values',
      'OPTIONS',
      'longreq',
      replace('Call-ID', `${'long'.repeat(2000)}@strange`),
    ),
    request(
      '§3.1.1.7 dashes around nothing in a name',
      'OPTIONS',
      'dblreq',
      replace('From', '"--" <sip:--@--.example>;tag=--'),
    ),
    {
      ...text('§3.1.1.8 two requests in one datagram', [
        `OPTIONS ${uri} SIP/2.0`,
        ...standard('OPTIONS', 'double'),
        'Content-Length: 0',
        '',
        `INVITE ${uri} SIP/2.0`,
        ...standard('INVITE', 'double2'),
        'Content-Length: 0',
      ]),
    },
    request(
      '§3.1.2.1 separators that are not allowed in Via',
      'INVITE',
      'badinv01',
      replace('Via', 'SIP/2.0/UDP 127.0.0.1:29999;branch=z9hG4bK30239;;,;,,'),
    ),
    text(
      '§3.1.2.2 a body shorter than it says',
      [
        `INVITE ${uri} SIP/2.0`,
        ...standard('INVITE', 'clerr'),
        'Content-Type: application/sdp',
        'Content-Length: 9999',
      ],
      'v=0\r\n',
    ),
    text(
      '§3.1.2.3 a negative length',
      [
        `INVITE ${uri} SIP/2.0`,
        ...standard('INVITE', 'ncl'),
        'Content-Type: application/sdp',
        'Content-Length: -999',
      ],
      'v=0\r\n',
    ),
    request(
      '§3.1.2.4 numbers that do not fit',
      'REGISTER',
      'scalar02',
      replace('CSeq', '36893488147419103232 REGISTER'),
    ),
    text('§3.1.2.5 an answer whose numbers do not fit', [
      'SIP/2.0 503 Service Unavailable',
      via('scalarlg'),
      'From: <sip:user@example.com>;tag=1',
      'To: <sip:user@example.com>;tag=2',
      'Call-ID: scalarlg',
      'CSeq: 9292394834772304023312 OPTIONS',
      'Retry-After: 949302838503028349304023988',
      'Warning: 1812 overture "In Progress"',
      'Content-Length: 0',
    ]),
    request(
      '§3.1.2.6 a quote that never ends',
      'INVITE',
      'quotbal',
      replace('To', '"Mr. J. User <sip:j.user@example.com>'),
    ),
    request('§3.1.2.7 the Request-URI in angle brackets', 'INVITE', 'ltgtruri', (line) =>
      line.startsWith('INVITE') ? `INVITE <${uri}> SIP/2.0` : line,
    ),
    request('§3.1.2.8 spaces within the Request-URI', 'INVITE', 'lwsruri', (line) =>
      line.startsWith('INVITE') ? `INVITE sip:user@${server}; lr SIP/2.0` : line,
    ),
    request('§3.1.2.9 many spaces in the request line', 'INVITE', 'lwsstart', (line) =>
      line.startsWith('INVITE') ? `INVITE  ${uri}  SIP/2.0` : line,
    ),
    request('§3.1.2.10 a space at the end of the request line', 'OPTIONS', 'trws', (line) =>
      line.startsWith('OPTIONS') ? `OPTIONS ${uri} SIP/2.0  ` : line,
    ),
    request('§3.1.2.11 headers escaped in the Request-URI', 'INVITE', 'escruri', (line) =>
      line.startsWith('INVITE') ? `INVITE ${uri}?Route=%3Csip:example.com%3E SIP/2.0` : line,
    ),
    request(
      '§3.1.2.13 a display name that is no token',
      'OPTIONS',
      'baddn',
      replace('From', 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43'),
    ),
    request('§3.1.2.14 a version nobody has', 'OPTIONS', 'badvers', (line) =>
      line.replaceAll('SIP/2.0', 'SIP/7.0'),
    ),
    request('§3.1.2.15 two methods that differ', 'OPTIONS', 'mismatch01', replace('CSeq', '8 INVITE')),
    request(
      '§3.1.2.16 an unknown method that CSeq calls otherwise',
      'NEWMETHOD',
      'mismatch02',
      replace('CSeq', '8 INVITE'),
    ),
    text('§3.1.2.17 a status too large', [
      'SIP/2.0 4294967301 better not break the receiver',
      via('bigcode'),
      'From: <sip:user@example.com>;tag=1',
      'To: <sip:user@example.com>;tag=2',
      'Call-ID: bigcode',
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
    ]),
    request(
      '§3.2.1 a branch that is only the cookie',
      'OPTIONS',
      'badbranch',
      replace('Via', 'SIP/2.0/UDP 127.0.0.1:29999;branch=z9hG4bK'),
    ),
    text('§3.3.1 nothing but a request line and Via', [
      `INVITE ${uri} SIP/2.0`,
      via('insuf'),
      'CSeq: 1 INVITE',
      'Content-Length: 0',
    ]),
    request('§3.3.2 a URI whose scheme nobody knows', 'OPTIONS', 'unkscm', (line) =>
      line.startsWith('OPTIONS') ? 'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' : line,
    ),
    request('§3.3.3 a scheme that is known but means no call', 'OPTIONS', 'novelsc', (line) =>
      line.startsWith('OPTIONS') ? 'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0' : line,
    ),
    request('§3.3.5 something required that nobody has', 'OPTIONS', 'bext01', (line) =>
      line.startsWith('Max-Forwards') ? 'Require: nothingSupportsThis, nothingSupportsThisEither' : line,
    ),
    text(
      '§3.3.6 a body of an unknown kind',
      [
        `INVITE ${uri} SIP/2.0`,
        ...standard('INVITE', 'invut'),
        'Content-Type: application/unknownformat',
        'Content-Length: 7',
      ],
      '<audio>',
    ),
    request('§3.3.7 an authorization of an unknown scheme', 'REGISTER', 'regaut01', (line) =>
      line.startsWith('Max-Forwards') ? 'Authorization: NoOneKnowsThisScheme opaque-data=here' : line,
    ),
    request('§3.3.8 fields twice that may be there once', 'INVITE', 'multi01', (line) =>
      line.startsWith('CSeq')
        ? `${line}\r\nCSeq: 2 INVITE\r\nCall-ID: another\r\nFrom: <sip:x@y.example>;tag=z`
        : line,
    ),
    text(
      '§3.3.9 two lengths',
      [`OPTIONS ${uri} SIP/2.0`, ...standard('OPTIONS', 'mcl01'), 'Content-Length: 13', 'Content-Length: 5'],
      'There is no',
    ),
    request('§3.3.11 no hop left', 'OPTIONS', 'zeromf', replace('Max-Forwards', '0')),
    text('§3.3.12 a REGISTER whose Contact has a parameter of the URI', [
      `REGISTER sip:${server} SIP/2.0`,
      ...standard('REGISTER', 'cparam02').filter((line) => !line.startsWith('Contact')),
      'Contact: sip:+19725552222@127.0.0.1:29999;unknownparam;lr',
      'Content-Length: 0',
    ]),
    request('§3.3.15 an Accept that takes nothing', 'OPTIONS', 'sdp01', (line) =>
      line.startsWith('Max-Forwards') ? 'Accept: text/nobodyKnowsThis' : line,
    ),
    request(
      '§3.4.1 an INVITE of RFC 2543, without a branch',
      'INVITE',
      'inv2543',
      replace('Via', 'SIP/2.0/UDP 127.0.0.1:29999'),
    ),
    { about: 'nothing at all', bytes: Buffer.alloc(0) },
    { about: 'a keep-alive', bytes: Buffer.from('\r\n\r\n') },
    { about: 'every byte there is', bytes: Buffer.from(Array.from({ length: 256 }, (_, index) => index)) },
    { about: 'a datagram of the largest size', bytes: Buffer.alloc(65_000, 'A') },
    {
      about: 'nine thousand fields',
      bytes: Buffer.from(`OPTIONS ${uri} SIP/2.0\r\n${'X: y\r\n'.repeat(9000)}\r\n`),
    },
    {
      about: 'twenty thousand parameters',
      bytes: Buffer.from(`OPTIONS ${uri}${';p'.repeat(20_000)} SIP/2.0\r\n\r\n`),
    },
    {
      about: 'brackets that never close',
      bytes: Buffer.from(`OPTIONS ${uri} SIP/2.0\r\nVia: ${'<'.repeat(30_000)}\r\n\r\n`),
    },
  ];
}
