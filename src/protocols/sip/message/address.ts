import { type Parameters, parseParameters, printParameters, splitList } from './parameters.ts';
import { malformed, type Parsed, type Problem, parsed } from './parsed.ts';

/** A name-addr or addr-spec with its header parameters (RFC 3261 §20.10), as in From, To, Contact, Route. */
export type Address = {
  /** Without its quotes and escapes. */
  readonly displayName?: string;
  /** The URI as written, of any scheme. */
  readonly uri: string;
  readonly params: Parameters;
};

const BACKSLASH = 0x5c;
const DISPLAY_TOKENS = /^[A-Za-z0-9\-.!%*_+`'~ \t]*$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\^`{|}]+$/;

/** The plain form that nearly all From and To have. What it does not cover is read in full. */
const PLAIN =
  /^(?:"[^"\\]*"[ ]?|[A-Za-z0-9\-.!%*_+`'~ ]*)<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\^`{|}]+>(?:;tag=[A-Za-z0-9\-.!%*_+`'~]+)?$/;

/** What is wrong with a text as an address, or undefined; mostly without reading all of it. */
export function addressProblem(text: string): Problem | undefined {
  if (PLAIN.test(text)) return undefined;
  const address = parseAddress(text);
  return address.ok ? undefined : address.problem;
}

/** Reads one address. Without angle brackets, what follows a semicolon belongs to the header, not the URI. */
export function parseAddress(text: string): Parsed<Address> {
  const trimmed = text.trim();
  const bracket = bracketOf(trimmed);
  if (bracket === -1) return malformed('A quoted display name is not closed, or no address follows it.');
  if (bracket === trimmed.length) return parseAddrSpec(trimmed);
  const close = trimmed.indexOf('>', bracket);
  if (close === -1) return malformed('An angle bracket is not closed.');
  const uri = trimmed.slice(bracket + 1, close);
  if (!URI.test(uri)) return malformed('The address holds no valid URI.');
  const params = parseParameters(trimmed.slice(close + 1).trim());
  if (!params.ok) return params;
  const displayName = readDisplayName(trimmed.slice(0, bracket).trim());
  if (displayName === undefined) return malformed('The display name is malformed.');
  return parsed(
    displayName === '' ? { uri, params: params.value } : { displayName, uri, params: params.value },
  );
}

/** Reads a comma list of addresses, as in Route or Contact. */
export function parseAddressList(text: string): Parsed<Address[]> {
  const items = splitList(text);
  if (!items.ok) return items;
  const addresses: Address[] = [];
  for (const item of items.value) {
    const address = parseAddress(item);
    if (!address.ok) return address;
    addresses.push(address.value);
  }
  return parsed(addresses);
}

/** Writes an address in the form with angle brackets, which is never ambiguous. */
export function printAddress({ displayName, uri, params }: Address): string {
  const name = displayName === undefined ? '' : `"${displayName.replaceAll(/["\\]/g, '\\$&')}" `;
  return `${name}<${uri}>${printParameters(params)}`;
}

function parseAddrSpec(text: string): Parsed<Address> {
  const semicolon = text.indexOf(';');
  const uri = (semicolon === -1 ? text : text.slice(0, semicolon)).trim();
  // RFC 3261 §20: a URI with a comma or question mark has to stand in angle brackets.
  if (!URI.test(uri) || /[,?]/.test(uri)) return malformed('The address holds no valid URI.');
  const params = parseParameters(semicolon === -1 ? '' : text.slice(semicolon));
  return params.ok ? parsed({ uri, params: params.value }) : params;
}

/** Where the bracket of the URI opens, past a quoted name that may hold brackets itself. */
function bracketOf(text: string): number {
  if (!text.startsWith('"')) {
    const bracket = text.indexOf('<');
    return bracket === -1 ? text.length : bracket;
  }
  const afterName = closingQuote(text);
  return afterName === -1 ? -1 : text.indexOf('<', afterName + 1);
}

function closingQuote(text: string): number {
  let quote = text.indexOf('"', 1);
  // A quote behind an odd number of backslashes is part of the text.
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function readDisplayName(text: string): string | undefined {
  if (!text.startsWith('"')) return DISPLAY_TOKENS.test(text) || isUtf8Name(text) ? text : undefined;
  if (closingQuote(text) !== text.length - 1) return undefined;
  return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}

/** Phones put plain UTF-8 into unquoted names; it is harmless where it holds no separator. */
function isUtf8Name(text: string): boolean {
  return !/[()<>@,;:\\"/[\]?={}]/.test(text);
}
