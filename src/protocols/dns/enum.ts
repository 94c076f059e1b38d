import { RE2JS } from 're2js';
import { inNaptrOrder, type Naptr } from './sip-services.ts';

/** Patterns and URIs come from strangers: longer ones are not read. */
const MOST_CHARACTERS = 255;
const MOST_INSTRUCTIONS = 1000;

/** A URI goes into the first line of a request and between `<` and `>`: it is one word that neither can end early. */
const SIP_URI = /^sips?:[!#-;=?-~]+$/i;

/** The name under which a number has its records: `0.0.2.6.0.0.2.6.2.2.8.e164.arpa` of `+82262006200` (RFC 6116 §3.2). */
export function enumName(e164: string, suffix: string): string {
  return `${[...e164.replace(/\D/g, '')].reverse().join('.')}.${suffix}`;
}

/** The SIP URIs that the records of a number make of it, the preferred one first (RFC 6116 §3.4). */
export function enumSipUris(records: readonly Naptr[], e164: string): readonly string[] {
  const uris = inNaptrOrder(records).flatMap((record) => {
    const isSip = /^E2U(?:\+[a-z0-9:-]+)*\+sip(?:[+:]|$)/i.test(record.service);
    if (!isSip || record.flags.toLowerCase() !== 'u') return [];
    const uri = substituted(record.regexp, e164);
    return uri !== undefined && SIP_URI.test(uri) ? [uri] : [];
  });
  return [...new Set(uris)];
}

/** `!^.*$!sip:info@example.com!`: delimiter, pattern, replacement with `\1`, delimiter, and perhaps `i` (RFC 3402 §3.2). */
function substituted(regexp: string, e164: string): string | undefined {
  const delimiter = regexp[0];
  if (delimiter === undefined || regexp.length > MOST_CHARACTERS || /[\dA-Za-z\\]/.test(delimiter))
    return undefined;
  const [, pattern = '', replacement = '', flags = '', ...more] = fieldsOf(regexp, delimiter);
  if (more.length > 0 || (flags !== '' && flags !== 'i')) return undefined;
  const match = matched(pattern, flags === 'i', e164);
  if (match === undefined) return undefined;
  const uri = replacement.replace(/\\([1-9])/g, (_, group: string) => match[Number(group)] ?? '');
  // Cut short it would be another one's address.
  return uri.length > MOST_CHARACTERS ? undefined : uri;
}

/** What stands between delimiters; one behind a backslash is part of a field (RFC 3402 §3.2). */
function fieldsOf(regexp: string, delimiter: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < regexp.length; at += 1) {
    const isEscaped = regexp[at] === '\\' && regexp[at + 1] === delimiter;
    if (isEscaped) at += 1;
    if (regexp[at] !== delimiter || isEscaped) field += regexp[at];
    else {
      fields.push(field);
      field = '';
    }
  }
  return [...fields, field];
}

/** The groups of a match; in an engine whose time no pattern can make long. */
function matched(pattern: string, ignoresCase: boolean, text: string): (string | null)[] | undefined {
  try {
    const compiled = RE2JS.compile(pattern, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (compiled.programSize() > MOST_INSTRUCTIONS) return undefined;
    const matcher = compiled.matcher(text);
    if (!matcher.find()) return undefined;
    return Array.from({ length: compiled.groupCount() + 1 }, (_, group) => matcher.group(group));
  } catch {
    return undefined;
  }
}
