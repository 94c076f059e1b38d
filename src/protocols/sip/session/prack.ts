import type { SipResponse } from '../message/index.ts';
import { namesOption } from './option-tags.ts';
import { rackFor, rseqOf } from './rack.ts';

/** What a UAC is to do with a provisional response (RFC 3262 §4). */
export type ProvisionalVerdict =
  /** An ordinary one: process it, and send nothing. */
  | { readonly kind: 'unreliable' }
  /** Process it, and send PRACK with this RAck value; `rseq` is to be remembered for this dialog. */
  | { readonly kind: 'acknowledge'; readonly rack: string; readonly rseq: number }
  /** A retransmission or one out of order: neither process nor acknowledge it. */
  | { readonly kind: 'ignore' };

/**
 * Judges a 101-199 response to our INVITE.
 * @param lastRseq the RSeq acknowledged last in this early dialog; undefined before the first
 */
export function judgeProvisional(response: SipResponse, lastRseq: number | undefined): ProvisionalVerdict {
  const isReliable =
    response.status > 100 && response.status < 200 && namesOption(response, 'Require', '100rel');
  const rseq = rseqOf(response);
  if (!isReliable || rseq === undefined) return { kind: 'unreliable' };
  if (lastRseq !== undefined && rseq !== lastRseq + 1) return { kind: 'ignore' };
  return { kind: 'acknowledge', rack: rackFor(response), rseq };
}
