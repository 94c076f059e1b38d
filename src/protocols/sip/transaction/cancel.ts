import type { SipRequest } from '../message/index.ts';
import { companionOf } from './companion.ts';

/**
 * The CANCEL for a request that was sent (RFC 3261 §9.1). It is to be sent only after a provisional and before
 * a final response, to the place the request went to.
 * @param request as it was sent, with its Via
 * @param reason the value of a Reason header, e.g. `SIP;cause=200;text="Call completed elsewhere"` (RFC 3326 §2)
 */
export function cancelFor(request: SipRequest, reason?: string): SipRequest {
  const cancel = companionOf(request, 'CANCEL', request);
  if (reason === undefined) return cancel;
  return { ...cancel, headers: [...cancel.headers, { name: 'Reason', value: reason }] };
}
