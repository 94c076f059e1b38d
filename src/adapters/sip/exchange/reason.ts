import type { CancelReason, Outcome } from '../../../domain/exchange/call/index.ts';

/** The Reason header value that says why a call ended (RFC 3326), e.g. `Q.850;cause=17`. */
export function reasonOf({ q850Cause }: Outcome): string {
  return `Q.850;cause=${q850Cause}`;
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
