import { headerValue, type SipMessage } from '../message/index.ts';

/** Who refreshes: `uac` is the sender of the request that carries or is answered by the header. */
export type Refresher = 'uac' | 'uas';

/** Session-Expires (RFC 4028 §4): after how many seconds without a refresh the session ends. */
export type SessionExpires = { readonly seconds: number; readonly refresher?: Refresher };

/** The smallest interval anyone may ask for (RFC 4028 §5). */
export const SMALLEST_MIN_SE_SECONDS = 90;

const SESSION_EXPIRES = /^(\d{1,10})\s*(?:;(.*))?$/;
const REFRESHER = /(?:^|;)\s*refresher\s*=\s*(uac|uas)\s*(?:;|$)/i;

/** The Session-Expires of a message; undefined where it has none or a malformed one, which asks for nothing. */
export function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  const match = SESSION_EXPIRES.exec(headerValue(message, 'Session-Expires') ?? '');
  if (match === null) return undefined;
  const seconds = Number(match[1]);
  const refresher = REFRESHER.exec(match[2] ?? '')?.[1]?.toLowerCase();
  return refresher === 'uac' || refresher === 'uas' ? { seconds, refresher } : { seconds };
}

export function printSessionExpires({ seconds, refresher }: SessionExpires): string {
  return refresher === undefined ? String(seconds) : `${seconds};refresher=${refresher}`;
}

/** The Min-SE of a message in seconds; 90 where it says nothing. */
export function minSeOf(message: SipMessage): number {
  const match = /^(\d{1,10})\s*(?:;|$)/.exec(headerValue(message, 'Min-SE') ?? '');
  return match === null ? SMALLEST_MIN_SE_SECONDS : Number(match[1]);
}
