import { toTag } from './headers.ts';
import type { HeaderField, SipRequest, SipResponse } from './message.ts';

/** The reason phrases of RFC 3261 §21 and of the extensions that are spoken here. */
export const REASON_PHRASES: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  421: 'Extension Required',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  484: 'Address Incomplete',
  485: 'Ambiguous',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  600: 'Busy Everywhere',
  603: 'Decline',
  604: 'Does Not Exist Anywhere',
  606: 'Not Acceptable',
};

const NO_BODY = new Uint8Array(0);

/**
 * A response to a request (RFC 3261 §8.2.6.2): Via, From, To, Call-ID and CSeq are copied, the To gets
 * `tag` where it has none, and a response that may form a dialog keeps the Record-Route (§12.1.1).
 */
export function responseTo(request: SipRequest, status: number, reason?: string, tag?: string): SipResponse {
  const keepsRoute = status > 100 && status < 300 && request.method === 'INVITE';
  const needsTag = tag !== undefined && status > 100 && toTag(request) === undefined;
  const headers: HeaderField[] = [];
  for (const field of request.headers) {
    switch (field.name) {
      case 'To':
        headers.push(needsTag ? { name: 'To', value: `${field.value};tag=${tag}` } : field);
        break;
      case 'Via':
      case 'From':
      case 'Call-ID':
      case 'CSeq':
        headers.push(field);
        break;
      case 'Record-Route':
        if (keepsRoute) headers.push(field);
        break;
    }
  }
  return {
    kind: 'response',
    status,
    reason: reason ?? REASON_PHRASES[status] ?? 'Unknown',
    headers,
    body: NO_BODY,
  };
}
