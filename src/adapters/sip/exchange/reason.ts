import type { CancelReason, Outcome } from '../../../domain/exchange/call/index.ts';
import { headerValues, type SipResponse } from '../../../protocols/sip/message/index.ts';

/** The Reason header value that says why a call ended (RFC 3326), e.g. `Q.850;cause=17`. */
export function reasonOf({ q850Cause }: Outcome): string {
  return `Q.850;cause=${q850Cause}`;
}

/** The Q.850 cause that a response gives, where it gives one. */
export function causeIn(response: SipResponse): number | undefined {
  const reason = headerValues(response, 'Reason').find((value) => /^\s*Q\.850\b/i.test(value));
  const cause = Number(/;\s*cause\s*=\s*(\d{1,3})/i.exec(reason ?? '')?.[1]);
  return cause >= 1 && cause <= 127 ? cause : undefined;
}

/** Why a phone stops ringing: phones show no missed call where it was answered elsewhere (RFC 3326 §2). */
export function cancelReasonOf(reason: CancelReason): string | undefined {
  switch (reason) {
    case 'answered-elsewhere':
      return 'SIP;cause=200;text="Call completed elsewhere"';
    case 'refused-elsewhere':
      return 'SIP;cause=603;text="Declined elsewhere"';
    case 'no-answer':
      return 'Q.850;cause=19';
    case 'caller-gave-up':
      return undefined;
  }
}
