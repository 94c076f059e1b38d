import { headerValue, printAddress, type SipRequest } from '../../../protocols/sip/message/index.ts';

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
  const privacy = request === undefined ? undefined : headerValue(request, 'Privacy');
  if (privacy !== undefined && HIDES_THE_CALLER.test(privacy)) return ANONYMOUS;
  const uri = `sip:${user}@${domain}`;
  if (displayName === undefined) return { address: `<${uri}>`, user };
  return { address: printAddress({ displayName, uri, params: new Map() }), user };
}
