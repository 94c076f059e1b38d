import { parseAddress } from './address.ts';
import { canonicalName, isToken, SINGLE } from './header-names.ts';
import { cseq, headerValue, topVia } from './headers.ts';
import type { HeaderField, SipMessage, SipRequest, SipResponse } from './message.ts';
import type { Problem } from './parsed.ts';

/**
 * A message that was read, or why it was not. `answerable` is the request as far as it could be read, where
 * it holds what a response has to copy (RFC 3261 §8.2.6.2), so that the sender can be told.
 */
export type ParsedMessage =
  | { readonly ok: true; readonly value: SipMessage }
  | { readonly ok: false; readonly problem: Problem; readonly answerable?: SipRequest };

/** More than any honest message has; beyond it the sender means harm or is broken. */
const LARGEST_HEAD = 64 * 1024;
const MOST_HEADERS = 256;
const LARGEST_CSEQ = 2 ** 31 - 1;

const HEAD_END = Buffer.from('\r\n\r\n');
const COPIED_INTO_RESPONSES = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];

/**
 * Reads one whole message: a datagram, or what the framer cut out of a stream. A body longer than
 * Content-Length says is cut to it, a shorter one is an error (RFC 3261 §18.3).
 */
export function parseMessage(bytes: Buffer): ParsedMessage {
  const start = leadingLineEnds(bytes);
  const headEnd = bytes.indexOf(HEAD_END, start);
  if (headEnd === -1) return unreadable('The message has no empty line after its headers.');
  if (headEnd - start > LARGEST_HEAD) return unreadable('The headers are too long.', 513);
  const head = bytes.toString('utf8', start, headEnd);
  if (head.includes('\0')) return unreadable('The headers hold a NUL.');

  const firstLineEnd = endOfLine(head, 0);
  const startLine = head.slice(0, firstLineEnd);
  const headers = parseHeaders(head, firstLineEnd + 2);
  const problem = headers.problem ?? headerProblem(headers.fields);
  const body = bytes.subarray(headEnd + 4);
  return /^SIP\//i.test(startLine)
    ? parseResponse(startLine, headers.fields, body, problem)
    : parseRequest(startLine, headers.fields, body, problem);
}

function parseRequest(
  startLine: string,
  headers: readonly HeaderField[],
  bytes: Buffer,
  headerTrouble: Problem | undefined,
): ParsedMessage {
  const methodEnd = startLine.indexOf(' ');
  const uriEnd = startLine.lastIndexOf(' ');
  const method = startLine.slice(0, methodEnd);
  const uri = startLine.slice(methodEnd + 1, uriEnd);
  const request: SipRequest = { kind: 'request', method, uri, headers, body: bytes };
  const problem =
    requestLineProblem(startLine, method, uri, uriEnd) ??
    headerTrouble ??
    requestProblem(request) ??
    bodyProblem(request);
  if (problem === undefined) return { ok: true, value: { ...request, body: cutBody(request) } };
  return isAnswerable(request) ? { ok: false, problem, answerable: request } : { ok: false, problem };
}

function parseResponse(
  startLine: string,
  headers: readonly HeaderField[],
  bytes: Buffer,
  headerTrouble: Problem | undefined,
): ParsedMessage {
  const match = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(startLine);
  if (match === null) return unreadable('The status line is malformed.');
  const response: SipResponse = {
    kind: 'response',
    status: Number(match[1]),
    reason: match[2] ?? '',
    headers,
    body: bytes,
  };
  const problem = headerTrouble ?? missingHeader(response) ?? bodyProblem(response);
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, value: { ...response, body: cutBody(response) } };
}

/** Empty lines before a message are ignored (RFC 3261 §7.5). */
function leadingLineEnds(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
  return at;
}

/** Where the line ends that begins at `from`; -1 where a CR or LF stands alone, which could hide a header. */
function endOfLine(head: string, from: number): number {
  const lineFeed = head.indexOf('\n', from);
  const carriageReturn = head.indexOf('\r', from);
  if (lineFeed === -1 && carriageReturn === -1) return head.length;
  return lineFeed === carriageReturn + 1 ? carriageReturn : -1;
}

type Headers = { readonly fields: HeaderField[]; readonly problem?: Problem };

function parseHeaders(head: string, from: number): Headers {
  const fields: HeaderField[] = [];
  let problem: Problem | undefined;
  for (let at = from; at < head.length; ) {
    let end = endOfLine(head, at);
    // RFC 3261 §7.3.1: a line that begins with white space continues the one before.
    while (end !== -1 && isSpace(head.charCodeAt(end + 2))) end = endOfLine(head, end + 2);
    if (end === -1) return { fields, problem: { status: 400, detail: 'A line does not end in CR LF.' } };
    const colon = head.indexOf(':', at);
    const name = colon === -1 || colon > end ? undefined : canonicalName(head.slice(at, colon).trimEnd());
    if (name === undefined || colon === -1)
      problem ??= { status: 400, detail: 'A header line has no valid name.' };
    else fields.push({ name, value: unfold(head.slice(colon + 1, end)) });
    if (fields.length > MOST_HEADERS)
      return { fields, problem: { status: 513, detail: 'There are too many headers.' } };
    at = end + 2;
  }
  return problem === undefined ? { fields } : { fields, problem };
}

function unfold(value: string): string {
  return (value.includes('\r') ? value.replaceAll(/\r\n[ \t]+/g, ' ') : value).trim();
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function headerProblem(fields: readonly HeaderField[]): Problem | undefined {
  let seen = '';
  for (const { name } of fields) {
    if (!SINGLE.has(name)) continue;
    if (seen.includes(`|${name}|`)) return { status: 400, detail: `The header ${name} is there twice.` };
    seen += `|${name}|`;
  }
  return undefined;
}

function requestLineProblem(line: string, method: string, uri: string, uriEnd: number): Problem | undefined {
  if (!/ SIP\/\d+\.\d+$/i.test(line) || !isToken(method))
    return { status: 400, detail: 'The request line is malformed.' };
  if (line.slice(uriEnd + 1).toUpperCase() !== 'SIP/2.0') {
    return { status: 505, detail: 'Only version 2.0 of SIP is spoken here.' };
  }
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/.test(uri)
    ? undefined
    : { status: 400, detail: 'The Request-URI is malformed.' };
}

function requestProblem(request: SipRequest): Problem | undefined {
  const missing = missingHeader(request);
  if (missing !== undefined) return missing;
  if (cseq(request).method !== request.method) {
    return { status: 400, detail: 'The method in CSeq is not that of the request.' };
  }
  const hops = headerValue(request, 'Max-Forwards');
  if (hops !== undefined && (!/^\d{1,3}$/.test(hops) || Number(hops) > 255)) {
    return { status: 400, detail: 'Max-Forwards is no number between 0 and 255.' };
  }
  return undefined;
}

/** RFC 3261 §8.1.1: what every message has, in a form that can be read. Max-Forwards is not insisted on. */
function missingHeader(message: SipMessage): Problem | undefined {
  for (const name of COPIED_INTO_RESPONSES) {
    const value = headerValue(message, name);
    if (value === undefined || value === '') return { status: 400, detail: `The header ${name} is missing.` };
  }
  if (topVia(message) === undefined) return { status: 400, detail: 'The Via is malformed.' };
  for (const name of ['From', 'To']) {
    const address = parseAddress(headerValue(message, name) ?? '');
    if (!address.ok) return { status: 400, detail: `${name}: ${address.problem.detail}` };
  }
  const value = headerValue(message, 'CSeq') ?? '';
  if (!/^\d{1,10}[ \t]+[A-Za-z0-9\-.!%*_+`'~]+$/.test(value) || cseq(message).number > LARGEST_CSEQ) {
    return { status: 400, detail: 'CSeq is malformed.' };
  }
  return undefined;
}

function bodyProblem(message: SipMessage): Problem | undefined {
  const length = headerValue(message, 'Content-Length');
  if (length === undefined) return undefined;
  if (!/^\d{1,9}$/.test(length)) return { status: 400, detail: 'Content-Length is no number.' };
  return Number(length) > message.body.length
    ? { status: 400, detail: 'The body is shorter than Content-Length says.' }
    : undefined;
}

function cutBody(message: SipMessage): Uint8Array {
  const length = headerValue(message, 'Content-Length');
  return length === undefined ? message.body : message.body.subarray(0, Number(length));
}

function isAnswerable(request: SipRequest): boolean {
  const complete = COPIED_INTO_RESPONSES.every((name) => (headerValue(request, name) ?? '') !== '');
  return complete && topVia(request) !== undefined && request.method !== 'ACK';
}

function unreadable(detail: string, status = 400): ParsedMessage {
  return { ok: false, problem: { status, detail } };
}
