import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import type { VoiceSession } from '../../media/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { Leg } from './leg.ts';

/** Whoever has put the leg into a call. */
export type LegOwner = {
  /** The phone hung up; the BYE is already answered. */
  onBye(leg: Leg): void;
  /** The phone is gone without a word: no ACK, no refresh, or its dialog does not exist any more. */
  onLost(leg: Leg): void;
  /** The phone wants its partner sent elsewhere; to be answered by the owner (RFC 3515). */
  onRefer(leg: Leg, refer: IncomingRequest): void;
  /** Our own voice, where the phone talks to that. */
  readonly voice?: DescribingVoice | undefined;
  /** A key was pressed that came as INFO, where the exchange itself listens. */
  onInfo?(leg: Leg, key: string): void;
};

/** What comes of an INVITE within a dialog; exactly one of success and failure. */
export type InviteListener = {
  onProvisional(response: SipResponse): void;
  /** @param acknowledge sends the ACK, once, with the answer where the 2xx made the offer */
  onSuccess(response: SipResponse, acknowledge: (parts?: RequestParts) => void): void;
  /**
   * @param response absent where there was none: 408 for silence, 503 for a broken transport, 487 where the leg was
   * closed meanwhile
   */
  onFailure(status: number, response?: SipResponse): void;
};

/** As far as a voice describes itself. */
export type DescribingVoice = Pick<VoiceSession, 'answer' | 'offer' | 'accept'>;
