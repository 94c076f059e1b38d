import type { Attempt, CancelReason, Outcome } from '../../../domain/exchange/call/index.ts';
import type { Language } from '../../../domain/members/index.ts';
import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import { askToTakeCall, type CallQuestion, type VoiceSession } from '../../media/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { type Passage, passBody, passingBack } from './passage.ts';
import { reasonOf } from './reason.ts';
import { RingingPhone, type RingingPhoneListener, type RingingPhoneOptions } from './ringing-phone.ts';

/** What a call asks to ring. */
export type Ringing = {
  readonly attempt: Attempt;
  ring(): void;
  cancel(reason: CancelReason): void;
  release(): void;
};

export type ScreenedPhoneOptions = {
  /** The INVITE of the call as it would be for any phone. */
  readonly phone: RingingPhoneOptions;
  readonly language: Language;
  /** The caller's number as it is spoken; absent where it is withheld. */
  readonly from?: string;
};

/** Nobody took it (Q.850 cause 19: no answer, user alerted). */
const NOT_TAKEN: Outcome = { sipStatus: 480, q850Cause: 19 };
const NO_VOICE: Outcome = { sipStatus: 480, q850Cause: 47 };
const NOT_JOINED: Outcome = { sipStatus: 488, q850Cause: 65 };

/**
 * A member's own telephone of the PSTN, which has answered only when a person pressed 1 (R18): else its mailbox would
 * take every call, and the caller would pay for it.
 *
 *      ringing --- answered ---> asked --- 1 ---> joining --- it takes the caller's session ---> answered
 *         |                        |                 |
 *         +------------------------+-----------------+---> refused, or nobody pressed anything
 */
export class ScreenedPhone implements Ringing, RingingPhoneListener {
  readonly attempt: Attempt;
  readonly #context: ExchangeContext;
  readonly #options: ScreenedPhoneOptions;
  readonly #listener: RingingPhoneListener;
  #phone: RingingPhone | undefined;
  #voice: VoiceSession | undefined;
  #question: CallQuestion | undefined;
  #leg: Leg | undefined;
  #state: 'ringing' | 'asked' | 'answered' | 'over' = 'ringing';

  constructor(context: ExchangeContext, options: ScreenedPhoneOptions, listener: RingingPhoneListener) {
    this.#context = context;
    this.#options = options;
    this.#listener = listener;
    this.attempt = options.phone.attempt;
  }

  ring(): void {
    this.#begin().catch(() => this.#refuse(NO_VOICE));
  }

  cancel(reason: CancelReason): void {
    if (this.#state === 'over') return;
    this.#phone?.cancel(reason);
    this.#leg?.bye(reasonOf(NOT_TAKEN));
    this.#refuse(NOT_TAKEN);
  }

  release(): void {
    this.#leg?.bye(reasonOf(NOT_TAKEN));
    this.#end();
  }

  /** The caller hears that it rings, and nothing of what the other network plays. */
  onProvisional(_phone: unknown, _leg: Leg | undefined, response: SipResponse): void {
    if (response.status === 180 || response.status === 183) {
      const { status, reason, headers } = response;
      const bare = headers.filter(
        ({ name }) => !name.startsWith('Content-') && name !== 'Require' && name !== 'RSeq',
      );
      this.#listener.onProvisional(this, undefined, {
        kind: 'response',
        status: status === 183 ? 180 : status,
        reason,
        headers: bare,
        body: NO_BODY,
      });
    }
  }

  onAnswered(
    _phone: unknown,
    leg: Leg,
    response: SipResponse,
    acknowledge: (parts?: RequestParts) => void,
  ): void {
    acknowledge();
    this.#leg = leg;
    leg.owner = this;
    const voice = this.#voice;
    if (this.#state === 'over' || voice?.accept(response.body) !== true) {
      leg.bye(reasonOf(NOT_JOINED));
      this.#refuse(NOT_JOINED);
      return;
    }
    this.#state = 'asked';
    this.#question = askToTakeCall(voice, this.#context.timers, this.#options.from, (taken) => {
      if (taken.kind === 'accept') this.#join(leg);
      else {
        leg.bye(reasonOf(NOT_TAKEN));
        this.#refuse(NOT_TAKEN);
      }
    });
  }

  onRefused(_phone: unknown, outcome: Outcome): void {
    this.#refuse(outcome);
  }

  onBye(leg: Leg): void {
    leg.close();
    this.#refuse(NOT_TAKEN);
  }

  onLost(leg: Leg): void {
    leg.bye(reasonOf(NOT_TAKEN));
    this.#refuse(NOT_TAKEN);
  }

  onRefer(leg: Leg, refer: IncomingRequest): void {
    this.#listener.onRefer(leg, refer);
  }

  get voice(): VoiceSession | undefined {
    return this.#voice;
  }

  onInfo(_leg: Leg, key: string): void {
    this.#voice?.digit(key);
  }

  async #begin(): Promise<void> {
    const { phone, language } = this.#options;
    const voice = await this.#context.voice?.voices.openVoice({
      language,
      signalledFrom: phone.flows[0].address,
      onDigit: (key) => this.#question?.key(key),
    });
    if (voice === undefined || this.#state === 'over') {
      voice?.close();
      this.#refuse(NO_VOICE);
      return;
    }
    this.#voice = voice;
    const { openPassage: _, invite, ...others } = phone;
    const offered = {
      ...invite,
      headers: [...invite.headers.filter(({ name }) => name !== 'Content-Type'), SDP],
      body: voice.offer(),
    };
    this.#phone = new RingingPhone(this.#context, { ...others, invite: offered }, this);
    this.#phone.ring();
  }

  /** A person is there: now the telephone gets the caller's session. */
  #join(leg: Leg): void {
    const passage = this.#options.phone.openPassage?.(() => leg.owner.onLost(leg));
    if (passage === 'full' || !leg.mayInvite) {
      leg.bye(reasonOf(NOT_JOINED));
      this.#refuse(NOT_JOINED);
      return;
    }
    const { invite } = this.#options.phone;
    passBody(passage, 'caller', 'offer', invite.body, (body) => {
      if (body !== undefined && leg.mayInvite) {
        this.#invite(leg, passage, body);
        return;
      }
      passage?.close();
      leg.bye(reasonOf(NOT_JOINED));
      this.#refuse(NOT_JOINED);
    });
  }

  #invite(leg: Leg, passage: Passage | undefined, body: Uint8Array): void {
    const role = body.length > 0 ? 'answer' : 'offer';
    const headers = body.length > 0 ? [SDP] : [];
    leg.invite(
      { headers, body },
      {
        onProvisional: () => {},
        onSuccess: (response, acknowledge) => {
          this.#voice?.close();
          if (this.#state === 'over') {
            acknowledge();
            return;
          }
          this.#state = 'answered';
          leg.passage = passage;
          leg.owner = this.#listener;
          if (passage !== undefined) leg.whenClosed(() => passage.close());
          passBody(passage, 'callee', role, response.body, (told = NO_BODY) =>
            this.#listener.onAnswered(
              this,
              leg,
              { ...response, body: told },
              passingBack(passage, acknowledge),
            ),
          );
        },
        onFailure: () => {
          passage?.close();
          leg.bye(reasonOf(NOT_JOINED));
          this.#refuse(NOT_JOINED);
        },
      },
    );
  }

  #refuse(outcome: Outcome): void {
    if (this.#state === 'over' || this.#state === 'answered') return;
    this.#end();
    this.#listener.onRefused(this, outcome);
  }

  #end(): void {
    this.#state = 'over';
    this.#question?.end();
    this.#voice?.close();
  }
}

const NO_BODY = new Uint8Array(0);
const SDP = { name: 'Content-Type', value: 'application/sdp' };
