import type { SipMessage, SipRequest, SipResponse } from '../message/index.ts';
import type { TimerName } from './timers.ts';

/** What the transaction asks of the layers around it, to be performed in order. */
export type TransactionEffect =
  | { readonly kind: 'send'; readonly message: SipMessage }
  /** Send the final response once more: it is kept by whoever sent it, in the form that takes the least room. */
  | { readonly kind: 'send-again' }
  | { readonly kind: 'start-timer'; readonly timer: TimerName; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: TimerName }
  | { readonly kind: 'deliver-request'; readonly request: SipRequest }
  | { readonly kind: 'deliver-response'; readonly response: SipResponse }
  /** Timer B, F or H fired: nobody answered, or nobody acknowledged. */
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'transport-failed' }
  /** The last effect of a transaction: it can be forgotten, and none of its timers is running. */
  | { readonly kind: 'terminated' };

/** What happens to a client transaction. A timer fires once, and not after it was stopped. */
export type ClientInput =
  | { readonly kind: 'response'; readonly response: SipResponse }
  /** The user has sent CANCEL: a final response is now waited for no longer than 64·T1 (RFC 3261 §9.1). */
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timer'; readonly timer: TimerName }
  | { readonly kind: 'transport-failed' };

/** What happens to a server transaction. A timer fires once, and not after it was stopped. */
export type ServerInput =
  /** A retransmission of the request, or the ACK for the INVITE. */
  | { readonly kind: 'request'; readonly request: SipRequest }
  /** The user answers. */
  | { readonly kind: 'respond'; readonly response: SipResponse }
  | { readonly kind: 'timer'; readonly timer: TimerName }
  | { readonly kind: 'transport-failed' };

export type TransactionInput = ClientInput | ServerInput;

export const SEND_AGAIN: TransactionEffect = { kind: 'send-again' };
export const TERMINATED: TransactionEffect = { kind: 'terminated' };
export const TIMED_OUT: TransactionEffect = { kind: 'timed-out' };
export const TRANSPORT_FAILED: TransactionEffect = { kind: 'transport-failed' };

export function send(message: SipMessage): TransactionEffect {
  return { kind: 'send', message };
}

export function deliver(response: SipResponse): TransactionEffect {
  return { kind: 'deliver-response', response };
}

export function startTimer(timer: TimerName, afterMs: number): TransactionEffect {
  return { kind: 'start-timer', timer, afterMs };
}

export function stopTimer(timer: TimerName): TransactionEffect {
  return { kind: 'stop-timer', timer };
}
