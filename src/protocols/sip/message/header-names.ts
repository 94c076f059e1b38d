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
export const SINGLE: ReadonlySet<string> = new Set([
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
]);

const canonicalNames = new Map<string, string>([
  ...KNOWN.flatMap((name): [string, string][] => [
    [name, name],
    [name.toLowerCase(), name],
  ]),
  ...Object.entries(COMPACT),
]);

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** The canonical long form of a header name; an unknown name as it is; undefined where it is no token. */
export function canonicalName(name: string): string | undefined {
  const known = canonicalNames.get(name) ?? canonicalNames.get(name.toLowerCase());
  if (known !== undefined) return known;
  return TOKEN.test(name) ? name : undefined;
}

/** Whether a text is a token (RFC 3261 §25.1), as methods and header names are. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
