import type { Trunk } from '../../../domain/centres/index.ts';
import {
  headerValue,
  headerValues,
  parseAddress,
  parseUri,
  type SipRequest,
  unescapeUser,
} from '../../../protocols/sip/message/index.ts';
import type { Caller } from '../../../services/caller.ts';

/**
 * Who calls by a trunk. The identity that is asserted counts within the trust domain only (RFC 3325 §5); from others it
 * is what From says, for which their network answers.
 */
export function callerByTrunk(trunk: Trunk, request: SipRequest): Caller & { readonly kind: 'trunk' } {
  const calling = (trunk.trusted ? asserted(request) : undefined) ?? userOf(headerValue(request, 'From'));
  return calling === undefined ? { kind: 'trunk', trunk } : { kind: 'trunk', trunk, calling };
}

/** The first of the identities that names a number. */
function asserted(request: SipRequest): string | undefined {
  for (const value of headerValues(request, 'P-Asserted-Identity')) {
    const user = userOf(value);
    if (user !== undefined) return user;
  }
  return undefined;
}

const NOBODY = new Set(['', 'anonymous', 'unknown', 'restricted', 'unavailable']);

/** The user part of an address, unescaped and without parameters of a telephone-subscriber (RFC 3261 §19.1.6). */
function userOf(value: string | undefined): string | undefined {
  const address = parseAddress(value ?? '');
  if (!address.ok) return undefined;
  const { uri } = address.value;
  const parsed = /^tel:/i.test(uri) ? undefined : parseUri(uri);
  const text = parsed === undefined ? uri.slice('tel:'.length) : parsed.ok ? (parsed.value.user ?? '') : '';
  const user = unescapeUser(text).split(';', 1)[0] ?? '';
  return NOBODY.has(user.toLowerCase()) ? undefined : user;
}
