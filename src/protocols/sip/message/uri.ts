import { NO_PARAMETERS, type Parameters, printParameters } from './parameters.ts';
import { malformed, type Parsed, parsed } from './parsed.ts';

/** A SIP or SIPS URI (RFC 3261 §19.1). `user` and `headers` stay escaped as written. */
export type SipUri = {
  readonly scheme: 'sip' | 'sips';
  readonly user?: string;
  readonly password?: string;
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port?: number;
  readonly params: Parameters;
  readonly headers: Parameters;
};

const USER = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-Fa-f]{2})+$/;
const PASSWORD = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9\-.]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\])$/;
const PARAMETER = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$]|%[0-9A-Fa-f]{2})+$/;
const HEADER = /^(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$]|%[0-9A-Fa-f]{2})*$/;

/** Reads a SIP or SIPS URI. Another scheme is a 416 (RFC 3261 §8.2.2.1), anything malformed a 400. */
export function parseUri(text: string): Parsed<SipUri> {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  if (colon < 1 || !/^[a-z][a-z0-9+.-]*$/.test(scheme)) return malformed('The URI has no scheme.');
  if (scheme !== 'sip' && scheme !== 'sips') return malformed(`The scheme "${scheme}" is not served.`, 416);

  // Neither parameters nor headers may hold a bare "@", so that the first one ends the user part.
  const at = text.indexOf('@', colon);
  const userinfo = at === -1 ? undefined : parseUserinfo(text.slice(colon + 1, at));
  if (userinfo !== undefined && !userinfo.ok) return userinfo;
  const rest = text.slice(at === -1 ? colon + 1 : at + 1);
  const question = rest.indexOf('?');
  const headers = question === -1 ? parsed(NO_PARAMETERS) : parsePairs(rest.slice(question + 1), '&', HEADER);
  if (!headers.ok) return headers;
  const beforeHeaders = question === -1 ? rest : rest.slice(0, question);
  const semicolon = beforeHeaders.indexOf(';');
  const params =
    semicolon === -1 ? parsed(NO_PARAMETERS) : parsePairs(beforeHeaders.slice(semicolon + 1), ';', PARAMETER);
  if (!params.ok) return params;
  const hostport = parseHostport(semicolon === -1 ? beforeHeaders : beforeHeaders.slice(0, semicolon));
  if (!hostport.ok) return hostport;
  const { host, port } = hostport.value;
  const uri: { -readonly [Key in keyof SipUri]: SipUri[Key] } = {
    scheme,
    host,
    params: params.value,
    headers: headers.value,
  };
  if (userinfo !== undefined) uri.user = userinfo.value.user;
  if (userinfo?.value.password !== undefined) uri.password = userinfo.value.password;
  if (port !== undefined) uri.port = port;
  return parsed(uri);
}

/** Writes a URI as it was read. */
export function printUri(uri: SipUri): string {
  const password = uri.password === undefined ? '' : `:${uri.password}`;
  const userinfo = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const host = uri.host.includes(':') ? `[${uri.host}]` : uri.host;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const headers = [...uri.headers].map(([name, value]) => `${name}=${value}`).join('&');
  return `${uri.scheme}:${userinfo}${host}${port}${printParameters(uri.params)}${headers === '' ? '' : `?${headers}`}`;
}

/** Escapes what may not stand in the user part of a URI (RFC 3261 §25.1: unreserved and user-unreserved may). */
export function escapeUser(user: string): string {
  return encodeURIComponent(user.toWellFormed()).replace(/%(?:26|3D|2B|24|2C|3B|3F|2F)/g, decodeURIComponent);
}

/**
 * The user part as a person wrote it: `62006200%23082` is `62006200#082`. Broken escapes stay as they are, and so
 * does that of NUL (RFC 4475 §3.1.1.4), which databases do not take in a text.
 */
export function unescapeUser(user: string): string {
  if (!user.includes('%')) return user;
  try {
    return decodeURIComponent(user.replaceAll('%00', '%2500'));
  } catch {
    return user;
  }
}

/** Whether two URIs name the same thing (RFC 3261 §19.1.4): user with case, host without, and the parameters that count. */
export function sameUri(one: SipUri, other: SipUri): boolean {
  return (
    one.scheme === other.scheme &&
    unescaped(one.user) === unescaped(other.user) &&
    unescaped(one.password) === unescaped(other.password) &&
    one.host === other.host &&
    one.port === other.port &&
    sameParameters(one.params, other.params) &&
    one.headers.size === other.headers.size &&
    [...one.headers].every(([name, value]) => other.headers.get(name) === value)
  );
}

/** Parameters that make a difference when only one of the two URIs has them. */
const DISTINGUISHING = ['user', 'ttl', 'method', 'maddr', 'transport'];

function sameParameters(one: Parameters, other: Parameters): boolean {
  for (const [name, value] of one) {
    const counterpart = other.get(name);
    if (
      counterpart === undefined
        ? DISTINGUISHING.includes(name)
        : counterpart.toLowerCase() !== value.toLowerCase()
    )
      return false;
  }
  return DISTINGUISHING.every((name) => one.has(name) === other.has(name));
}

function unescaped(text: string | undefined): string | undefined {
  return text === undefined ? undefined : unescapeUser(text);
}

function parseUserinfo(text: string): Parsed<{ user: string; password?: string }> {
  const colon = text.indexOf(':');
  const user = colon === -1 ? text : text.slice(0, colon);
  if (!USER.test(user)) return malformed('The user part of the URI is malformed.');
  if (colon === -1) return parsed({ user });
  const password = text.slice(colon + 1);
  return PASSWORD.test(password)
    ? parsed({ user, password })
    : malformed('The password in the URI is malformed.');
}

/** Reads `host[:port]`, as in a URI or the sent-by of a Via. */
export function parseHostport(text: string): Parsed<{ host: string; port?: number }> {
  const afterBracket = text.indexOf(']');
  const colon = text.indexOf(':', afterBracket + 1);
  const host = colon === -1 ? text : text.slice(0, colon);
  if (!HOST.test(host)) return malformed('The host is malformed.');
  const plain = host.startsWith('[') ? host.slice(1, -1) : host.toLowerCase();
  if (colon === -1) return parsed({ host: plain });
  const digits = text.slice(colon + 1);
  const port = Number(digits);
  if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535) return malformed('The port is malformed.');
  return parsed({ host: plain, port });
}

function parsePairs(text: string, separator: string, allowed: RegExp): Parsed<Parameters> {
  const pairs = new Map<string, string>();
  for (const part of text.split(separator)) {
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part : part.slice(0, equals)).toLowerCase();
    const value = equals === -1 ? '' : part.slice(equals + 1);
    if (name === '' || !allowed.test(name) || (value !== '' && !allowed.test(value))) {
      return malformed('A parameter or header of the URI is malformed.');
    }
    if (pairs.has(name)) return malformed(`The URI has "${name}" twice.`);
    pairs.set(name, value);
  }
  return parsed(pairs);
}
