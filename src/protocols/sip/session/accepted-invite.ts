/*
 * The core of a UAS after it accepted an INVITE: RFC 3261 §13.3.1.4.
 *
 *                2xx sent
 *                    |
 *              +------------+   retransmit: 2xx again, doubling up to T2
 *              | unanswered |----+
 *              |            |<---+
 *              +------------+
 *       ACK, or   |      |  give-up, after 64·T1:
 *       the call  |      |  the session is ended with BYE
 *       is over   v      v
 *              +------------+
 *              |   closed   |
 *              +------------+
 *
 * The 2xx goes end to end, so that it is repeated on reliable transports too.
 */
import type { SipRequest, SipResponse } from '../message/index.ts';
import type { Timers } from '../transaction/index.ts';

type Unanswered = {
  readonly state: 'unanswered';
  readonly response: SipResponse;
  readonly retransmitAfterMs: number;
  readonly t2Ms: number;
};
type Closed = { readonly state: 'closed' };

/** A 2xx to an INVITE that waits for its ACK. Before that our side must not send BYE (RFC 3261 §15). */
export type AcceptedInvite = Unanswered | Closed;

export type AcceptedInviteInput =
  | { readonly kind: 'ack'; readonly ack: SipRequest }
  | { readonly kind: 'timer'; readonly timer: 'retransmit' | 'give-up' }
  /** The other side has sent BYE: its 2xx is of no interest any more. */
  | { readonly kind: 'session-ended' };

export type AcceptedInviteEffect =
  /** To be handed to the INVITE server transaction, which sends it. */
  | { readonly kind: 'send'; readonly response: SipResponse }
  | { readonly kind: 'start-timer'; readonly timer: 'retransmit' | 'give-up'; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: 'retransmit' | 'give-up' }
  /** The first ACK, which may hold the answer to the offer of the 2xx. */
  | { readonly kind: 'acknowledged'; readonly ack: SipRequest }
  /** No ACK came: send BYE. */
  | { readonly kind: 'end-session' };

type Step = [AcceptedInvite, AcceptedInviteEffect[]];

const CLOSED: Closed = { state: 'closed' };
const STOP_BOTH: readonly AcceptedInviteEffect[] = [
  { kind: 'stop-timer', timer: 'retransmit' },
  { kind: 'stop-timer', timer: 'give-up' },
];

/** Sends the 2xx. */
export function startAcceptedInvite(response: SipResponse, timers: Timers): Step {
  const { t1Ms, t2Ms } = timers;
  return [
    { state: 'unanswered', response, retransmitAfterMs: t1Ms, t2Ms },
    [
      { kind: 'send', response },
      { kind: 'start-timer', timer: 'retransmit', afterMs: t1Ms },
      { kind: 'start-timer', timer: 'give-up', afterMs: 64 * t1Ms },
    ],
  ];
}

/** The next state and what is to be done. */
export function stepAcceptedInvite(accepted: AcceptedInvite, input: AcceptedInviteInput): Step {
  if (accepted.state === 'closed') return [accepted, []];
  switch (input.kind) {
    case 'ack':
      return [CLOSED, [...STOP_BOTH, { kind: 'acknowledged', ack: input.ack }]];
    case 'session-ended':
      return [CLOSED, [...STOP_BOTH]];
    case 'timer':
      return input.timer === 'retransmit'
        ? retransmit(accepted)
        : [CLOSED, [...STOP_BOTH, { kind: 'end-session' }]];
  }
}

function retransmit(accepted: Unanswered): Step {
  const retransmitAfterMs = Math.min(2 * accepted.retransmitAfterMs, accepted.t2Ms);
  return [
    { ...accepted, retransmitAfterMs },
    [
      { kind: 'send', response: accepted.response },
      { kind: 'start-timer', timer: 'retransmit', afterMs: retransmitAfterMs },
    ],
  ];
}
