import { cseq, type SipRequest, type SipResponse } from '../../../protocols/sip/message/index.ts';
import {
  type AcceptedInvite,
  type AcceptedInviteEffect,
  type AcceptedInviteInput,
  startAcceptedInvite,
  stepAcceptedInvite,
} from '../../../protocols/sip/session/index.ts';
import { type IncomingRequest, TimedMachine } from '../endpoint/index.ts';
import type { ExchangeContext } from './context.ts';

export type AckListener = {
  /** @param ack absent where another request of the phone showed that it has our 2xx (RFC 5407 §3.1.4) */
  onAcknowledged(ack?: SipRequest): void;
  /** No ACK came in 64·T1. */
  onNever(): void;
};

/** A 2xx of ours to a phone's INVITE, which is sent again and again until its ACK comes (RFC 3261 §13.3.1.4). */
export class AwaitedAck {
  readonly #cseq: number;
  readonly #listener: AckListener;
  readonly #machine: TimedMachine<AcceptedInvite, AcceptedInviteInput, AcceptedInviteEffect>;

  constructor(
    context: Pick<ExchangeContext, 'timers' | 'sipTimers'>,
    incoming: IncomingRequest,
    response: SipResponse,
    listener: AckListener,
  ) {
    this.#cseq = cseq(response).number;
    this.#listener = listener;
    this.#machine = new TimedMachine(stepAcceptedInvite, context.timers, (deed) => {
      if (deed.kind === 'send') incoming.respond(deed.response);
      else if (deed.kind === 'end-session') listener.onNever();
    });
    this.#machine.begin(startAcceptedInvite(response, context.sipTimers));
  }

  /** Whether an ACK is the one for this 2xx, and not a late one for an earlier INVITE of the same dialog. */
  isFor(ack: SipRequest): boolean {
    return cseq(ack).number === this.#cseq;
  }

  acknowledged(ack?: SipRequest): void {
    this.stop();
    this.#listener.onAcknowledged(ack);
  }

  /** The phone hung up: whether it got our 2xx is of no interest any more. */
  stop(): void {
    this.#machine.input({ kind: 'session-ended' });
  }
}
