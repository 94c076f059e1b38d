import { addressProblem } from './address.ts';
import { isToken } from './header-names.ts';
import { cseq, headerValue, topViaText } from './headers.ts';
import type { HeaderField, SipMessage, SipRequest, SipResponse } from './message.ts';
import { endOfLine, parseHeaders } from './parse-headers.ts';
import type { Problem } from './parsed.ts';
import { isVia } from './via.ts';

/**
 * A message that was read, or why it was not. `answerable` is the request as far as it could be read, where
 * it holds what a response has to copy (RFC 3261 §8.2.6.2), so that the sender can be told.
 */
export type ParsedMessage =
  | { readonly ok: true; readonly value: SipMessage }
  | { readonly ok: false; readonly problem: Problem; readonly answerable?: SipRequest };

/** More than any honest message has; beyond it the sender means harm or is broken. */
const LARGEST_HEAD = 64 * 1024;
const LARGEST_CSEQ = 2 ** 31 - 1;

const NO_BODY = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
const VERSION = /^SIP\/\d+\.\d+$/i;
const COOKIE_ALONE = /;\s*branch\s*=\s*z9hG4bK\s*(?:;|$)/i;
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
  if (firstLineEnd === -1) return unreadable('The first line does not end in CR LF.');
  const startLine = head.slice(0, firstLineEnd);
  const { fields, problem } = parseHeaders(head, firstLineEnd + 2);
  // An empty part of a datagram would keep the whole of it alive for as long as the message lives.
  const body = headEnd + 4 === bytes.length ? NO_BODY : bytes.subarray(headEnd + 4);
  return /^SIP\//i.test(startLine)
    ? parseResponse(startLine, fields, body, problem)
    : parseRequest(startLine, fields, body, problem);
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
  if (problem === undefined) return { ok: true, value: withCutBody(request) };
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
  return { ok: true, value: withCutBody(response) };
}

/** Empty lines before a message are ignored (RFC 3261 §7.5). */
function leadingLineEnds(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
  return at;
}

function requestLineProblem(line: string, method: string, uri: string, uriEnd: number): Problem | undefined {
  const version = line.slice(uriEnd + 1);
  if (uriEnd === -1 || !VERSION.test(version) || !isToken(method))
    return { status: 400, detail: 'The request line is malformed.' };
  if (version !== 'SIP/2.0' && version.toUpperCase() !== 'SIP/2.0') {
    return { status: 505, detail: 'Only version 2.0 of SIP is spoken here.' };
  }
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/.test(uri))
    return { status: 400, detail: 'The Request-URI is malformed.' };
  return hasHeaders(uri) ? { status: 400, detail: 'The Request-URI holds headers.' } : undefined;
}

/** RFC 3261 §19.1.1: headers in a Request-URI would put words into the sender's mouth. A user may hold a `?`. */
function hasHeaders(uri: string): boolean {
  return uri.includes('?') && /^sips?:/i.test(uri) && uri.includes('?', uri.indexOf('@') + 1);
}

function requestProblem(request: SipRequest): Problem | undefined {
  const missing = missingHeader(request);
  if (missing !== undefined) return missing;
  if (cseq(request).method !== request.method) {
    return { status: 400, detail: 'The method in CSeq is not that of the request.' };
  }
  const hops = headerValue(request, 'Max-Forwards');
  if (hops !== undefined && (!/^\d{1,10}$/.test(hops) || Number(hops) > 255)) {
    return { status: 400, detail: 'Max-Forwards is no number between 0 and 255.' };
  }
  // RFC 4475 §3.2.1: the cookie promises a branch that is unique, and without more it is the same for everybody.
  if (COOKIE_ALONE.test(topViaText(request) ?? ''))
    return { status: 400, detail: 'The branch of the Via is empty.' };
  return undefined;
}

/** RFC 3261 §8.1.1: what every message has, in a form that can be read. Max-Forwards is not insisted on. */
function missingHeader(message: SipMessage): Problem | undefined {
  for (const name of COPIED_INTO_RESPONSES) {
    const value = headerValue(message, name);
    if (value === undefined || value === '') return { status: 400, detail: `The header ${name} is missing.` };
  }
  if (!isVia(topViaText(message) ?? '')) return { status: 400, detail: 'The Via is malformed.' };
  for (const name of ['From', 'To']) {
    const problem = addressProblem(headerValue(message, name) ?? '');
    if (problem !== undefined) return { status: 400, detail: `${name}: ${problem.detail}` };
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

/** The message without the bytes that came after its body. */
function withCutBody<Message extends SipMessage>(message: Message): Message {
  const length = headerValue(message, 'Content-Length');
  if (length === undefined || Number(length) === message.body.length) return message;
  return { ...message, body: message.body.subarray(0, Number(length)) };
}

function isAnswerable(request: SipRequest): boolean {
  const complete = COPIED_INTO_RESPONSES.every((name) => (headerValue(request, name) ?? '') !== '');
  return complete && isVia(topViaText(request) ?? '') && request.method !== 'ACK';
}

function unreadable(detail: string, status = 400): ParsedMessage {
  return { ok: false, problem: { status, detail } };
}
