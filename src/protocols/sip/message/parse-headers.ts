import { headerName } from './header-names.ts';
import type { HeaderField } from './message.ts';
import type { Problem } from './parsed.ts';

/** The header fields of a message as far as they could be read, and what is wrong with them. */
export type Headers = { readonly fields: HeaderField[]; readonly problem?: Problem };

const MOST_HEADERS = 256;
const SPACE = 0x20;
const TAB = 0x09;

/** Reads the header lines of a head from a position on; the head comes without its empty line. */
export function parseHeaders(head: string, from: number): Headers {
  const fields: HeaderField[] = [];
  let problem: Problem | undefined;
  let seenBits = 0;
  for (let at = from; at < head.length; ) {
    const end = endOfField(head, at);
    if (end === -1) return { fields, problem: { status: 400, detail: 'A line does not end in CR LF.' } };
    const colon = head.indexOf(':', at);
    const known = colon === -1 || colon > end ? undefined : headerName(nameIn(head, at, colon));
    if (known === undefined) problem ??= { status: 400, detail: 'A header line has no valid name.' };
    else {
      fields.push({ name: known.name, value: valueIn(head, colon + 1, end) });
      if ((seenBits & known.singleBit) !== 0) problem ??= twice(known.name);
      seenBits |= known.singleBit;
    }
    if (fields.length > MOST_HEADERS)
      return { fields, problem: { status: 513, detail: 'There are too many headers.' } };
    at = end + 2;
  }
  return problem === undefined ? { fields } : { fields, problem };
}

/** Where the line ends that begins at `from`; -1 where a CR or LF stands alone, which could hide a header. */
export function endOfLine(head: string, from: number): number {
  const lineFeed = head.indexOf('\n', from);
  const carriageReturn = head.indexOf('\r', from);
  if (lineFeed === -1 && carriageReturn === -1) return head.length;
  return lineFeed === carriageReturn + 1 ? carriageReturn : -1;
}

/** RFC 3261 §7.3.1: a line that begins with white space continues the one before. */
function endOfField(head: string, from: number): number {
  let end = endOfLine(head, from);
  while (end !== -1 && isSpace(head.charCodeAt(end + 2))) end = endOfLine(head, end + 2);
  return end;
}

function nameIn(head: string, from: number, colon: number): string {
  const name = head.slice(from, colon);
  return isSpace(head.charCodeAt(colon - 1)) ? name.trimEnd() : name;
}

/** The value without the white space around it, which is nearly always one space before it. */
function valueIn(head: string, from: number, end: number): string {
  const isUsual =
    head.charCodeAt(from) === SPACE &&
    isVisible(head.charCodeAt(from + 1)) &&
    isVisible(head.charCodeAt(end - 1));
  const value = isUsual ? head.slice(from + 1, end) : head.slice(from, end).trim();
  return value.includes('\r') ? value.replaceAll(/\r\n[ \t]+/g, ' ').trim() : value;
}

/** Beyond ASCII there are other spaces, which `trim` knows. */
function isVisible(code: number): boolean {
  return code > SPACE && code < 0x7f;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

function twice(name: string): Problem {
  return { status: 400, detail: `The header ${name} is there twice.` };
}
