import { cseq, type HeaderField, type SipRequest } from '../message/index.ts';
import type { Dialog } from './dialog.ts';
import { pathWithin } from './route.ts';

/** What a request within a dialog says beyond what the dialog itself knows. */
export type RequestParts = {
  /** The Contact value, where our side moves or the method is not one that always has a Contact. */
  readonly contact?: string;
  /** 70 unless the request comes from farther away. */
  readonly maxForwards?: number;
  readonly headers?: readonly HeaderField[];
  readonly body?: Uint8Array;
};

/** Requests that may move the remote target, and so always name ours (RFC 3261 §12.2, 3311, 3515, 6665). */
const TARGET_REFRESHING = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

const CREDENTIALS = new Set(['Authorization', 'Proxy-Authorization']);

const NO_BODY = new Uint8Array(0);

/**
 * The next request of our side in the dialog, without Via, and the dialog that counted it
 * (RFC 3261 §12.2.1.1). It goes to `nextHopOf(dialog)`.
 * @param method any but ACK and CANCEL, which number themselves after their INVITE
 */
export function requestWithin(
  dialog: Dialog,
  method: string,
  parts: RequestParts = {},
): [Dialog, SipRequest] {
  const localContact = parts.contact ?? dialog.localContact;
  const next = { ...dialog, localContact, localCseq: dialog.localCseq + 1 };
  const namesContact = TARGET_REFRESHING.has(method) || parts.contact !== undefined;
  const contact = namesContact ? [{ name: 'Contact', value: localContact }] : [];
  return [next, build(next, method, next.localCseq, contact, parts)];
}

/**
 * The ACK for a 2xx to our INVITE (RFC 3261 §13.2.2.4), outside any transaction: without Via, with the
 * INVITE's number and credentials.
 * @param invite the INVITE as sent, or its CSeq number where it had no credentials
 * @param parts a body answers the offer of the 2xx
 */
export function ackWithin(
  dialog: Dialog,
  invite: SipRequest | number,
  parts: Omit<RequestParts, 'contact'> = {},
): SipRequest {
  if (typeof invite === 'number') return build(dialog, 'ACK', invite, [], parts);
  return build(dialog, 'ACK', cseq(invite).number, credentialsOf(invite), parts);
}

/**
 * What our INVITE said, as far as its dialogs are made of it (RFC 3261 §12.1.2), told by one of them: so that another
 * answer to it can be understood when the INVITE itself is forgotten.
 * @param number that of its CSeq
 */
export function inviteBehind(dialog: Dialog, number: number): SipRequest {
  const unanswered = { ...dialog, remoteTag: '', routeSet: [] };
  return build(unanswered, 'INVITE', number, [{ name: 'Contact', value: dialog.localContact }], {});
}

function build(
  dialog: Dialog,
  method: string,
  number: number,
  headers: readonly HeaderField[],
  parts: RequestParts,
): SipRequest {
  const path = pathWithin(dialog);
  return {
    kind: 'request',
    method,
    uri: path.uri,
    headers: [
      { name: 'Max-Forwards', value: String(parts.maxForwards ?? 70) },
      ...path.routes,
      { name: 'From', value: tagged(dialog.localUri, dialog.localTag) },
      { name: 'To', value: tagged(dialog.remoteUri, dialog.remoteTag) },
      { name: 'Call-ID', value: dialog.callId },
      { name: 'CSeq', value: `${number} ${method}` },
      ...headers,
      ...(parts.headers ?? []),
    ],
    body: parts.body ?? NO_BODY,
  };
}

function tagged(party: string, tag: string): string {
  return tag === '' ? party : `${party};tag=${tag}`;
}

function credentialsOf(invite: SipRequest): HeaderField[] {
  return invite.headers.filter((field) => CREDENTIALS.has(field.name));
}
