import { isToken } from './header-names.ts';
import { malformed, type Parsed, parsed } from './parsed.ts';

/** Parameters of a header or URI: names in lower case, values as written, and '' for a name alone. */
export type Parameters = ReadonlyMap<string, string>;

export const NO_PARAMETERS: Parameters = new Map();

/**
 * The position of the first `wanted` character at or after `from` that is outside quoted strings and angle
 * brackets; the length of the text where there is none, and -1 where a quote or bracket is never closed.
 */
export function findOutside(text: string, wanted: string, from = 0): number {
  const found = text.indexOf(wanted, from);
  const end = found === -1 ? text.length : found;
  const before = text.slice(from, end);
  if (!before.includes('"') && !before.includes('<')) return end;
  let inQuotes = false;
  let inBrackets = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (inQuotes) {
      if (character === '\\') at += 1;
      else if (character === '"') inQuotes = false;
    } else if (inBrackets) {
      if (character === '>') inBrackets = false;
    } else if (character === wanted) return at;
    else if (character === '"') inQuotes = true;
    else if (character === '<') inBrackets = true;
  }
  return inQuotes || inBrackets ? -1 : text.length;
}

/** Splits a header value at its commas (RFC 3261 §7.3.1), minding quotes and brackets. */
export function splitList(value: string): Parsed<string[]> {
  if (!value.includes(',')) return parsed([value.trim()]);
  const items: string[] = [];
  for (let from = 0; from <= value.length; ) {
    const comma = findOutside(value, ',', from);
    if (comma === -1) return malformed('A quoted string or an angle bracket is not closed.');
    const item = value.slice(from, comma).trim();
    if (item === '') return malformed('The list has an empty item.');
    items.push(item);
    from = comma + 1;
  }
  return parsed(items);
}

/** Reads `;name=value;name` (generic-param, RFC 3261 §25.1); `text` is empty or begins with `;`. */
export function parseParameters(text: string): Parsed<Parameters> {
  if (text === '') return parsed(NO_PARAMETERS);
  const parameters = new Map<string, string>();
  for (let from = 0; from < text.length; ) {
    if (text[from] !== ';') return malformed('A parameter does not begin with a semicolon.');
    const end = findOutside(text, ';', from + 1);
    if (end === -1) return malformed('A quoted parameter value is not closed.');
    const part = text.slice(from + 1, end);
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part : part.slice(0, equals)).trim().toLowerCase();
    const value = equals === -1 ? '' : part.slice(equals + 1).trim();
    if (!isToken(name) || (equals !== -1 && value === ''))
      return malformed(`The parameter "${name}" is malformed.`);
    if (!parameters.has(name)) parameters.set(name, value);
    from = end;
  }
  return parsed(parameters);
}

/** Writes parameters as `;name=value;name`. */
export function printParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) text += value === '' ? `;${name}` : `;${name}=${value}`;
  return text;
}
