import {
  escapeUser,
  type HeaderField,
  headerValue,
  printAddress,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';
import type { Way } from '../../../services/ring.ts';

/** What the phones that ring are shown of the caller: the address for From, and the user part for Contact. */
export type CallerIdentity = { readonly address: string; readonly user: string };

const ANONYMOUS: CallerIdentity = {
  address: '"Anonymous" <sip:anonymous@anonymous.invalid>',
  user: 'anonymous',
};

/** The kinds of privacy that hide who calls (RFC 3323 §4.2, RFC 3325 §9.3). */
const HIDES_THE_CALLER = /(?:^|[;,\s])(?:id|user|header)(?:[;,\s]|$)/i;

/**
 * Who calls, as the callee sees it. The number is the one the exchange knows, whatever the phone says; a display name
 * is the phone's own. Whoever asks for privacy is shown to nobody, and only the call record knows.
 * @param user the escaped user part of the caller's number
 */
export function callerIdentity(
  user: string,
  domain: string,
  displayName: string | undefined,
  request: SipRequest | undefined,
): CallerIdentity {
  if (hides(request)) return ANONYMOUS;
  const uri = `sip:${user}@${domain}`;
  if (displayName === undefined) return { address: `<${uri}>`, user };
  return { address: printAddress({ displayName, uri, params: new Map() }), user };
}

/**
 * Who calls, as another network sees it: the number proven to be of the PSTN, in that network's form. Within the trust
 * domain it is asserted as well, and whoever hides is asserted to those who must know (RFC 3325 §5, §9.3); outside of
 * it whoever hides is nobody.
 */
export function identityForTrunk(
  { trunk, calling, isEmergency }: Way & { readonly kind: 'trunk' },
  domain: string,
  request: SipRequest | undefined,
): CallerIdentity & { readonly headers: readonly HeaderField[] } {
  if (calling === undefined) return { ...ANONYMOUS, headers: [] };
  const user = escapeUser(calling);
  const uri = `<sip:${user}@${domain}>`;
  const asserted = trunk.trusted ? [{ name: 'P-Asserted-Identity', value: uri }] : [];
  // Whoever comes to help has to know whom to call back.
  if (isEmergency === true || !hides(request)) return { address: uri, user, headers: asserted };
  const headers = trunk.trusted ? [...asserted, { name: 'Privacy', value: 'id' }] : [];
  return { ...ANONYMOUS, headers };
}

function hides(request: SipRequest | undefined): boolean {
  const privacy = request === undefined ? undefined : headerValue(request, 'Privacy');
  return privacy !== undefined && HIDES_THE_CALLER.test(privacy);
}
