import { cseq, type SipRequest } from '../message/index.ts';
import type { Dialog } from './dialog.ts';

/** The dialog that counted the request, or the status to answer it with. */
export type ReceivedWithin =
  | { readonly ok: true; readonly dialog: Dialog }
  | { readonly ok: false; readonly status: 500; readonly detail: string };

/**
 * Checks the order of a request that was matched to this dialog, and counts it (RFC 3261 §12.2.2).
 * - ACK and CANCEL carry the number of their INVITE and count nothing.
 * - A BYE may come again with the same number, where its transaction is forgotten: it is answered again.
 * - Any other number that is not greater than the last is out of order. Gaps are no error.
 */
export function receiveWithin(dialog: Dialog, request: SipRequest): ReceivedWithin {
  const { method } = request;
  if (method === 'ACK' || method === 'CANCEL') return { ok: true, dialog };
  const { number } = cseq(request);
  const last = dialog.remoteCseq;
  if (last === undefined || number > last) return { ok: true, dialog: { ...dialog, remoteCseq: number } };
  if (number === last && method === 'BYE') return { ok: true, dialog };
  return { ok: false, status: 500, detail: `CSeq ${number} came after ${last} in the same dialog.` };
}
