import { type HeaderField, headerValues, type SipRequest } from '../../../protocols/sip/message/index.ts';

/**
 * The header by which a call that went out to another network is known when it comes back: one mark for every
 * destination it was sent to. Networks that build the call anew drop it; there Max-Forwards ends a loop.
 */
const HEADER = 'Omnidial-Hop';

/** No call goes through us more often. */
const MOST_MARKS = 10;

/** The marks a call carries. */
export function marksIn(request: SipRequest): readonly string[] {
  return headerValues(request, HEADER).slice(0, MOST_MARKS);
}

/** The marks of a call that goes on. */
export function markHeader(marks: readonly string[]): HeaderField[] {
  return marks.length === 0 ? [] : [{ name: HEADER, value: marks.join(', ') }];
}
