import type { SipRequest, SipResponse } from '../message/index.ts';
import { companionOf } from './companion.ts';

/**
 * The ACK for a 300-699 response to `invite`, which belongs to the INVITE's own transaction
 * (RFC 3261 §17.1.1.3): all is the INVITE's, but the To is the response's, with its tag.
 */
export function ackForFailure(invite: SipRequest, response: SipResponse): SipRequest {
  return companionOf(invite, 'ACK', response);
}
