/** The long names of the headers the exchange knows (RFC 3261 §20 and the extensions in `docs/rfc/sip.md`). */
const KNOWN = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Authorization',
  'Call-ID',
  'Call-Info',
  'Contact',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Error-Info',
  'Event',
  'Expires',
  'From',
  'Info-Package',
  'MIME-Version',
  'Max-Forwards',
  'Min-Expires',
  'Min-SE',
  'Organization',
  'P-Asserted-Identity',
  'Path',
  'Priority',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Require',
  'RAck',
  'RSeq',
  'Reason',
  'Record-Route',
  'Recv-Info',
  'Refer-Sub',
  'Refer-To',
  'Referred-By',
  'Replaces',
  'Reply-To',
  'Require',
  'Retry-After',
  'Route',
  'Server',
  'Session-Expires',
  'Subject',
  'Subscription-State',
  'Supported',
  'Timestamp',
  'To',
  'Unsupported',
  'User-Agent',
  'Via',
  'WWW-Authenticate',
  'Warning',
] as const;

/** RFC 3261 §7.3.3 and the registrations of later RFCs. */
const COMPACT: Readonly<Record<string, string>> = {
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
};

/** Headers that a message holds once at most: a second one makes it ambiguous, and it is refused. */
const SINGLE = [
  'Call-ID',
  'Content-Disposition',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Event',
  'Expires',
  'From',
  'Max-Forwards',
  'MIME-Version',
  'Min-Expires',
  'Min-SE',
  'RAck',
  'RSeq',
  'Refer-To',
  'Replaces',
  'Retry-After',
  'Session-Expires',
  'Subscription-State',
  'Timestamp',
  'To',
];

/** A header name as the parser finds it. */
export type HeaderName = {
  /** The canonical long form of a known header; an unknown name as it came. */
  readonly name: string;
  /** A bit of its own for a header that a message holds once at most, else 0. */
  readonly singleBit: number;
};

const singleBits = new Map(SINGLE.map((name, index) => [name, 1 << index]));

const knownNames = new Map<string, HeaderName>(
  [...KNOWN.map((name): [string, string] => [name.toLowerCase(), name]), ...Object.entries(COMPACT)].map(
    ([spelling, name]) => [spelling, { name, singleBit: singleBits.get(name) ?? 0 }],
  ),
);

/*
 * Names are nearly always spelt as the RFCs spell them. Those are found by their first letter and length, where
 * only one name is looked for: that spares the hash of a text that was only just cut out.
 */
const LENGTHS = 32;
const usualNames: (HeaderName | undefined)[] = [];
for (const known of knownNames.values()) {
  usualNames[placeOf(known.name.charCodeAt(0), known.name.length)] ??= known;
}

function placeOf(firstLetter: number, length: number): number {
  return (firstLetter & 31) * LENGTHS + (length & (LENGTHS - 1));
}

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** The header with this name, in whatever spelling; undefined where it is no token. */
export function headerName(text: string): HeaderName | undefined {
  const usual = usualNames[placeOf(text.charCodeAt(0), text.length)];
  if (usual !== undefined && usual.name === text) return usual;
  const known = knownNames.get(text) ?? knownNames.get(text.toLowerCase());
  if (known !== undefined) return known;
  return TOKEN.test(text) ? { name: text, singleBit: 0 } : undefined;
}

/** Whether a text is a token (RFC 3261 §25.1), as methods and header names are. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
