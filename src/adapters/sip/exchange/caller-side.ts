import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { PriceOfCall } from '../../../domain/voice/index.ts';
import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import type { Leg } from './leg.ts';

/**
 * Who waits for an answer: a phone whose INVITE is open, or one that is in a conversation already and is being
 * transferred. To the call both are the caller.
 */
export type CallerSide = {
  /** A phone rings or says something before it answers. @param callee its early dialog, where it opened one */
  provisional(callee: Leg | undefined, response: SipResponse): void;
  /**
   * A phone has answered: it becomes the partner.
   * @param acknowledge to be called once, with the answer where the 2xx made the offer
   */
  answer(callee: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void;
  /**
   * Tells what the call costs before anybody rings (R23); absent where nobody listens to a voice.
   * @param onSaid called once when the call may go on, also where nothing could be said; not where the caller is
   *   answered or refused before
   */
  announce?(price: PriceOfCall, onSaid: () => void): void;
  refuse(outcome: Outcome): void;
  /** Ends the conversation on this side. */
  hangUp(outcome: Outcome): void;
};
