import {
  callId,
  cseq,
  fromTag,
  type SipMessage,
  type SipRequest,
  topBranch,
  topVia,
} from '../message/index.ts';

/** Branches that begin so were made by RFC 3261 §8.1.1.7, and are unique over space and time. */
const MAGIC_COOKIE = 'z9hG4bK';

/**
 * The key under which a request and its response find their client transaction: the branch of the top Via
 * and the method of CSeq, since a CANCEL shares the branch of its INVITE (RFC 3261 §17.1.3).
 */
export function clientTransactionKey(message: SipMessage): string {
  return `${topBranch(message) ?? ''} ${cseq(message).method}`;
}

/**
 * The key under which a request finds its server transaction (RFC 3261 §17.2.3): branch, sent-by and method,
 * where an ACK goes to the INVITE. Without the magic cookie the request comes from an RFC 2543 client and is
 * known by Request-URI, From tag, Call-ID, CSeq and top Via. The To tag is left out there, because that of an
 * ACK is the one our response gave.
 */
export function serverTransactionKey(request: SipRequest): string {
  return keyAs(request, request.method === 'ACK' ? 'INVITE' : request.method);
}

/** The key of the server transaction that a CANCEL wants to end (RFC 3261 §9.2). */
export function cancelledTransactionKey(cancel: SipRequest): string {
  return keyAs(cancel, 'INVITE');
}

function keyAs(request: SipRequest, method: string): string {
  const via = topVia(request);
  const branch = via?.branch ?? '';
  const key = `${branch} ${via?.host.toLowerCase()}:${via?.port ?? ''} ${method}`;
  if (branch.startsWith(MAGIC_COOKIE)) return key;
  return `${key} ${callId(request)} ${cseq(request).number} ${fromTag(request) ?? ''} ${request.uri}`;
}
