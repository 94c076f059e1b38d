import type { Dialog } from '../../../../protocols/sip/dialog/index.ts';
import type { HeaderField, SipRequest, SipResponse } from '../../../../protocols/sip/message/index.ts';
import type {
  AcceptedInvite,
  OfferAnswer,
  SessionTimer,
  SessionTimerPolicy,
} from '../../../../protocols/sip/session/index.ts';
import type { Timers } from '../../../../protocols/sip/transaction/index.ts';
import type { SoundTerms } from './sound-terms.ts';

/** What a call knows from its beginning on. */
export type CallSetting = {
  /** Our Contact value. */
  readonly contact: string;
  /** The tag of our side. */
  readonly tag: string;
  /** Where our sound is, and the session of our descriptions. */
  readonly sound: { readonly address: string; readonly port: number; readonly sessionId: number };
  readonly sipTimers: Timers;
  readonly sessionTimers: SessionTimerPolicy;
  /** Drawn once for the call, 0 ≤ chance < 1: how long it steps back when requests cross. */
  readonly chance: number;
};

/** We have called, and there is no final answer. */
export type Calling = {
  readonly state: 'calling';
  readonly setting: CallSetting;
  readonly invite: SipRequest;
  /** One for each To tag that answered (RFC 3261 §12.1.2). */
  readonly early: readonly EarlyDialog[];
  /** The user has hung up: whatever is answered, no call comes of it. */
  readonly isGivenUp: boolean;
};

export type EarlyDialog = {
  readonly dialog: Dialog;
  readonly session: OfferAnswer;
  /** The RSeq that was acknowledged last (RFC 3262 §4). */
  readonly lastRseq?: number;
  readonly terms?: SoundTerms;
};

/** We are called, and have not answered. */
export type Ringing = {
  readonly state: 'ringing';
  readonly setting: CallSetting;
  readonly invite: SipRequest;
  readonly dialog: Dialog;
};

/** The call is answered. */
export type Talking = {
  readonly state: 'talking';
  readonly setting: CallSetting;
  readonly dialog: Dialog;
  readonly session: OfferAnswer;
  /** The 2xx of ours that waits for its ACK; also the INVITE it answers, as received. */
  readonly accepted: AcceptedInvite;
  readonly acceptedInvite?: SipRequest;
  readonly sessionTimer: SessionTimer;
  readonly sessionTimers: SessionTimerPolicy;
  /** Of our last description. */
  readonly version: number;
  /** Undefined while our offer in a 2xx waits for its answer in the ACK. */
  readonly terms?: SoundTerms;
  /** What the user wants, and what the other side has been told; where they differ a re-INVITE is due. */
  readonly wantsHold: boolean;
  readonly saysHold: boolean;
  /** What the re-INVITE that is under way says of it. */
  readonly offersHold: boolean;
  /** Our request crossed one of the other side's; it is repeated when the timer fires. */
  readonly waitsAfterGlare: boolean;
  readonly knowsUpdate: boolean;
  /** A REFER is under way or its outcome is awaited. */
  readonly isTransferring: boolean;
  /** The user has hung up before our 2xx was acknowledged (RFC 3261 §15). */
  readonly isLeaving: boolean;
};

/** Our BYE waits for its answer. */
export type Leaving = { readonly state: 'leaving'; readonly setting: CallSetting; readonly dialog: Dialog };

export type Ended = { readonly state: 'ended' };

/** A call of the phone's, as a value; `stepCall` is all that happens to it. */
export type Call = Calling | Ringing | Talking | Leaving | Ended;

export type CallTimer = 'retransmit' | 'give-up' | 'refresh' | 'expiry' | 'glare';

export type CallCommand =
  | { readonly kind: 'answer' }
  /** Turns a call that rings here away, with the status of a UAS that does not take it. */
  | { readonly kind: 'refuse'; readonly status: 480 | 486 | 603 }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'resume' }
  /** Sends the other side elsewhere (RFC 3515); `referTo` is a Refer-To value. */
  | { readonly kind: 'transfer'; readonly referTo: string };

export type CallInput =
  | CallCommand
  /**
   * A response to a request of ours; the very value that was sent says to which.
   * `credentials` answer the challenge of a 401 or 407, where that is possible.
   */
  | {
      readonly kind: 'response';
      readonly request: SipRequest;
      readonly response: SipResponse;
      readonly credentials?: HeaderField;
    }
  /** Nobody answered (408), or the transport failed (503). */
  | { readonly kind: 'no-response'; readonly request: SipRequest; readonly status: 408 | 503 }
  | { readonly kind: 'request'; readonly request: SipRequest }
  | { readonly kind: 'ack'; readonly ack: SipRequest }
  | { readonly kind: 'cancelled'; readonly cancel: SipRequest }
  | { readonly kind: 'timer'; readonly timer: CallTimer };

export type CallEffect =
  /** Every response comes back as an input, with this very request. */
  | { readonly kind: 'send'; readonly request: SipRequest }
  | { readonly kind: 'acknowledge'; readonly ack: SipRequest }
  /** Gives the INVITE that was sent last up. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'respond'; readonly request: SipRequest; readonly response: SipResponse }
  | { readonly kind: 'start-timer'; readonly timer: CallTimer; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: CallTimer }
  /** Speak and listen by these terms from now on. */
  | { readonly kind: 'connect'; readonly terms: SoundTerms }
  | { readonly kind: 'tell'; readonly event: CallEvent }
  /** Nothing more is to come: the last effect. */
  | { readonly kind: 'forget' };

/** What the user hears of. */
export type CallEvent =
  | { readonly kind: 'ringing' }
  /** Sound before the answer, such as an announcement. */
  | { readonly kind: 'early-sound' }
  | { readonly kind: 'answered' }
  | { readonly kind: 'held' | 'resumed'; readonly by: Side }
  | { readonly kind: 'digit'; readonly digit: string }
  /** The other side did not take hold or resume. */
  | { readonly kind: 'change-refused'; readonly status: number }
  | { readonly kind: 'transferred' }
  | { readonly kind: 'transfer-failed'; readonly status: number }
  | { readonly kind: 'ended'; readonly ending: Ending };

export type Side = 'us' | 'other-side';

/** How a call ended. */
export type Ending = {
  readonly by: Side;
  readonly wasAnswered: boolean;
  /** The status it failed with, where it was not answered. */
  readonly status?: number;
  /** What the other side gave as Reason (RFC 3326), as written. */
  readonly reason?: string;
};

export type CallStep = [Call, CallEffect[]];
