import { malformed, type Parsed, parsed } from '../message/index.ts';

/** A value as written, without its quotes; escapes stay, as the hashes are made over the text as written. */
type AuthParameter = { readonly text: string; readonly quoted: boolean };

/** The parameters after `Digest`, names in lower case (RFC 3261 §25.1, digest-response and challenge). */
export type AuthParameters = ReadonlyMap<string, AuthParameter>;

const SCHEME = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+/;
const PARAMETER =
  /[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*=[ \t]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([A-Za-z0-9\-.!%*_+`'~]+))[ \t]*(,|$)/y;

/** Longer than any honest value; bounds what is hashed and remembered. */
const LONGEST_VALUE = 1024;

/** The authentication scheme of a header value in lower case, e.g. `digest`. */
export function authScheme(value: string): string {
  return (SCHEME.exec(value)?.[1] ?? '').toLowerCase();
}

/** Reads `Digest name=value, name="value"`. A name that comes twice makes the header ambiguous: malformed. */
export function parseAuthParameters(value: string): Parsed<AuthParameters> {
  const scheme = SCHEME.exec(value);
  if (scheme === null) return malformed('The authentication header has no scheme or no parameters.');
  const parameters = new Map<string, AuthParameter>();
  PARAMETER.lastIndex = scheme[0].length;
  for (let separator: string | undefined = ','; separator === ','; ) {
    const match = PARAMETER.exec(value);
    if (match === null) return malformed('A parameter of the authentication header is malformed.');
    const name = (match[1] ?? '').toLowerCase();
    const text = match[2] ?? match[3] ?? '';
    if (parameters.has(name)) return malformed(`The authentication header has "${name}" twice.`);
    if (text.length > LONGEST_VALUE) return malformed(`"${name}" of the authentication header is too long.`);
    parameters.set(name, { text, quoted: match[2] !== undefined });
    separator = match[4];
  }
  return parsed(parameters);
}

/** A parameter that the grammar wants in quotes: its text as written, or undefined where it is missing or bare. */
export function quotedText(parameters: AuthParameters, name: string): string | undefined {
  const parameter = parameters.get(name);
  return parameter?.quoted === true ? parameter.text : undefined;
}

/** A parameter that the grammar wants as a token. Old phones quote these, which is understood as well. */
export function tokenText(parameters: AuthParameters, name: string): string | undefined {
  return parameters.get(name)?.text;
}

/** The text a quoted string stands for (RFC 3261 §25.1, quoted-pair). */
export function unescapeQuoted(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(.)/g, '$1') : text;
}

/** A text as a quoted string. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
