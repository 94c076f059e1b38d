import {
  type HeaderField,
  headerValue,
  headerValues,
  responseTo,
  type SipMessage,
  type SipRequest,
} from '../../../../protocols/sip/message/index.ts';
import type { CallEffect } from './call.ts';

/** What this phone takes part in. REFER is sent, and not served. */
const ALLOWED_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, NOTIFY';

export const ALLOW: HeaderField = { name: 'Allow', value: ALLOWED_METHODS };
export const USER_AGENT: HeaderField = { name: 'User-Agent', value: 'Omnidial phone' };
export const SDP: HeaderField = { name: 'Content-Type', value: 'application/sdp' };

/** What a request may Require of us. */
const SUPPORTED_OPTIONS = ['timer', 'replaces'];

/** What the request requires and this phone does not know (RFC 3261 §8.2.2.3). */
export function unknownOptionsOf(request: SipRequest): string[] {
  return headerValues(request, 'Require').filter((tag) => !SUPPORTED_OPTIONS.includes(tag.toLowerCase()));
}

/** A response of the phone's. */
export function respond(
  request: SipRequest,
  status: number,
  parts: {
    readonly tag?: string;
    readonly headers?: readonly HeaderField[];
    readonly body?: Uint8Array;
  } = {},
): Extract<CallEffect, { kind: 'respond' }> {
  const response = responseTo(request, status, undefined, parts.tag);
  const headers = [...response.headers, ...(parts.headers ?? [])];
  return { kind: 'respond', request, response: { ...response, headers, body: parts.body ?? response.body } };
}

/** Whether the other side serves a method, as far as it has said (RFC 3261 §20.5). */
export function allows(message: SipMessage, method: string): boolean {
  return headerValues(message, 'Allow').some((each) => each.toUpperCase() === method);
}

/** The Reason of a message (RFC 3326), to be shown. */
export function reasonOf(message: SipMessage): { readonly reason?: string } {
  const reason = headerValue(message, 'Reason');
  return reason === undefined ? {} : { reason };
}
