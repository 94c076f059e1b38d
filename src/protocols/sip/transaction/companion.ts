import { cseq, type HeaderField, headerValues, type SipMessage, type SipRequest } from '../message/index.ts';

const EMPTY = new Uint8Array(0);

/**
 * The ACK or CANCEL that goes the way of `request` hop by hop: the same Request-URI, Route, From, Call-ID and
 * CSeq number, and its top Via as the only one, so that it meets the same server transaction.
 * @param withTo the message whose To is used
 */
export function companionOf(request: SipRequest, method: 'ACK' | 'CANCEL', withTo: SipMessage): SipRequest {
  const headers: HeaderField[] = [
    { name: 'Via', value: headerValues(request, 'Via')[0] ?? '' },
    { name: 'Max-Forwards', value: '70' },
    ...fields(request, 'Route'),
    ...fields(request, 'From'),
    ...fields(withTo, 'To'),
    ...fields(request, 'Call-ID'),
    { name: 'CSeq', value: `${cseq(request).number} ${method}` },
  ];
  return { kind: 'request', method, uri: request.uri, headers, body: EMPTY };
}

function fields(message: SipMessage, name: string): readonly HeaderField[] {
  return message.headers.filter((field) => field.name === name);
}
