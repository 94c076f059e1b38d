import { isIP } from 'node:net';
import {
  headerValue,
  parseAddress,
  parseUri,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';

/**
 * Whether a phone is behind a NAT: it says another address of itself than it is heard from (RFC 3581 §1). Then what it
 * says of its sound is not to be believed either.
 */
export function isBehindNat(request: SipRequest, heardFrom: string): boolean {
  const contact = parseAddress(headerValue(request, 'Contact') ?? '');
  return contact.ok && namesAnotherAddress(contact.value.uri, heardFrom);
}

/** Whether a contact is at another literal address than it is heard from. */
export function namesAnotherAddress(contact: string, heardFrom: string): boolean {
  const uri = parseUri(contact);
  return uri.ok && isIP(uri.value.host) !== 0 && uri.value.host !== heardFrom;
}
