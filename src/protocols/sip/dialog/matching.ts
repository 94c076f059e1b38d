import { callId, fromTag, type SipRequest, type SipResponse, toTag } from '../message/index.ts';
import type { Dialog } from './dialog.ts';

/** The dialog ID as one text: Call-ID, local tag and remote tag (RFC 3261 §12). */
export function dialogKey(dialog: Pick<Dialog, 'callId' | 'localTag' | 'remoteTag'>): string {
  return keyOf(dialog.callId, dialog.localTag, dialog.remoteTag);
}

/**
 * The key of the dialog a received request belongs to; undefined where it has no To tag, and so belongs to
 * none. A request whose key no dialog has is answered with 481 (RFC 3261 §12.2.2).
 */
export function dialogKeyOfRequest(request: SipRequest): string | undefined {
  const localTag = toTag(request);
  return localTag === undefined ? undefined : keyOf(callId(request), localTag, fromTag(request) ?? '');
}

/** The key of the dialog a received response belongs to or opens; undefined where it has no To tag (a 100). */
export function dialogKeyOfResponse(response: SipResponse): string | undefined {
  const remoteTag = toTag(response);
  return remoteTag === undefined ? undefined : keyOf(callId(response), fromTag(response) ?? '', remoteTag);
}

function keyOf(id: string, localTag: string, remoteTag: string): string {
  return `${id} ${localTag} ${remoteTag}`;
}
