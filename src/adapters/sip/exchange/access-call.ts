import { type Call, type Outcome, startCall, stepCall } from '../../../domain/exchange/call/index.ts';
import { announcementFor, type PriceOfCall, type Speech, spokenPrice } from '../../../domain/voice/index.ts';
import type { Dialog, RequestParts } from '../../../protocols/sip/dialog/index.ts';
import { responseTo, type SipResponse } from '../../../protocols/sip/message/index.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Connection } from '../../../services/connect-call.ts';
import { askForNumber, type NumberQuestion, type VoiceSession } from '../../media/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { CallerSide } from './caller-side.ts';
import { type CallKeeper, CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { joinWithOffer } from './join.ts';
import { Leg } from './leg.ts';
import type { LegOwner } from './leg-owner.ts';
import { type Connect, whenConnected } from './offer.ts';
import { capabilityHeaders } from './passed-headers.ts';
import { reasonOf } from './reason.ts';
import { endOf } from './relayed.ts';
import { beginningOf, ringingsFor } from './ringing.ts';

export type AccessCallOptions = {
  readonly incoming: IncomingRequest;
  /** The dialog the INVITE would open, without our tag. */
  readonly dialog: Dialog;
  readonly caller: Caller;
  /** What the access number was found to be. */
  readonly connection: Connection;
  readonly needsRelay: boolean;
  /** Called once, when nothing of the caller's call is left. */
  readonly onOver: () => void;
};

/** How often a caller may try another number. */
const MOST_NUMBERS = 3;
const MAX_FORWARDS = 70;

const NO_VOICE: Outcome = { sipStatus: 503, q850Cause: 47 };
const NOT_ACCEPTABLE: Outcome = { sipStatus: 488, q850Cause: 65 };
const NORMAL: Outcome = { sipStatus: 200, q850Cause: 16 };
const NOT_JOINED: Outcome = { sipStatus: 488, q850Cause: 31 };

/**
 * A call to a local number of a centre, in two steps (R18): a voice answers and asks for the number, which is dialled
 * for the caller as if a phone of ours had. The call to the voice has a record of its own.
 *
 *      asking --- a number ---> connecting --- somebody answers ---> joined, the voice has gone
 *        ^  |                       |
 *        |  +--- nothing comes      +--- nobody does: the caller hears why
 *        |         |                |
 *        +---------|----------------+ at most three times
 *                  v
 *              hung up
 */
export class AccessCall implements LegOwner, CallerSide {
  readonly #context: ExchangeContext;
  readonly #keeper: CallKeeper;
  readonly #connect: Connect;
  readonly #options: AccessCallOptions;
  #record: Call;
  #leg: Leg | undefined;
  #voice: VoiceSession | undefined;
  #question: NumberQuestion | undefined;
  #second: CarriedCall | undefined;
  #numbers = 0;
  #isJoined = false;

  constructor(context: ExchangeContext, keeper: CallKeeper, connect: Connect, options: AccessCallOptions) {
    this.#context = context;
    this.#keeper = keeper;
    this.#connect = connect;
    this.#options = options;
    const attempt = { id: VOICE, party: { kind: 'voice' as const } };
    [this.#record] = startCall(options.connection.facts, [{ attempts: [attempt], delayMs: 0 }]);
  }

  begin(): void {
    this.#answer().catch(() => this.#refuse(NO_VOICE));
  }

  // As the caller of the second call.

  provisional(): void {}

  answer(callee: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void {
    const [leg, second] = [this.#leg, this.#second];
    if (leg === undefined || second === undefined) return;
    const { passage } = callee;
    const offering = { leg: callee, response, acknowledge, acknowledgeAsBefore: acknowledge, passage };
    joinWithOffer(this.#context, offering, leg, {
      done: () => {
        this.#isJoined = true;
        leg.owner = second;
        this.#stopSpeaking();
        this.#ended('exchange');
      },
      failed: () => second.happened({ kind: 'hung-up', by: 'exchange', outcome: NOT_JOINED }),
    });
  }

  announce(price: PriceOfCall, onSaid: () => void): void {
    this.#voice?.play(spokenPrice(price, this.#options.connection.language), onSaid);
  }

  refuse(outcome: Outcome): void {
    this.#second = undefined;
    const why = announcementFor(outcome, 'answered');
    const speech: Speech = why === undefined ? ['cannot-be-reached'] : [why];
    if (this.#numbers < MOST_NUMBERS) this.#ask([...speech, 'pause', 'dial-now']);
    else this.#voice?.play(speech, () => this.#hangUp());
  }

  hangUp(outcome: Outcome): void {
    if (this.#isJoined) this.#leg?.bye(reasonOf(outcome));
    else this.#hangUp();
  }

  // As the one who has the caller's leg.

  onBye(leg: Leg): void {
    leg.close();
    this.#left();
  }

  onLost(leg: Leg): void {
    leg.bye(reasonOf(NORMAL));
    this.#left();
  }

  /** Nobody is there whom the caller could be transferred by. */
  onRefer(_leg: Leg, { request, respond }: IncomingRequest): void {
    respond(responseTo(request, 403));
  }

  get voice(): VoiceSession | undefined {
    return this.#voice;
  }

  onInfo(_leg: Leg, key: string): void {
    this.#voice?.digit(key);
  }

  async #answer(): Promise<void> {
    const { incoming, dialog, caller, connection, needsRelay, onOver } = this.#options;
    const { request, source } = incoming;
    let hasGivenUp = false;
    incoming.onCancel = () => {
      hasGivenUp = true;
    };
    const voice = await this.#context.voice?.voices.openVoice({
      language: connection.language,
      signalledFrom: source.address,
      onDigit: (key) => this.#question?.key(key),
    });
    this.#voice = voice;
    const isOffered = request.body.length > 0;
    const description = isOffered ? voice?.answer(request.body) : voice?.offer();
    if (voice === undefined || description === undefined || hasGivenUp) {
      this.#refuse(hasGivenUp ? GIVEN_UP : voice === undefined ? NO_VOICE : NOT_ACCEPTABLE);
      return;
    }
    const leg = new Leg(this.#context, {
      dialog: { ...dialog, localTag: this.#context.endpoint.newTag() },
      flow: source,
      owner: this,
      needsRelay,
      ...(caller.kind === 'terminal' ? { terminalId: caller.terminalId } : {}),
    });
    this.#leg = leg;
    leg.whenClosed(onOver);
    leg.observe('remote', request);
    leg.confirm();
    this.#happened({ kind: 'answered', attemptId: VOICE });
    const told = responseTo(request, 200, undefined, leg.dialog.localTag);
    const headers = [
      ...told.headers,
      { name: 'Contact', value: dialog.localContact },
      { name: 'Content-Type', value: 'application/sdp' },
      ...capabilityHeaders(told),
    ];
    leg.accept(incoming, { ...told, headers, body: description }, (ack) => {
      if (!isOffered && ack !== undefined) voice.accept(ack.body);
      this.#ask();
    });
  }

  #ask(first?: Speech): void {
    const voice = this.#voice;
    if (voice === undefined) return;
    const how = first === undefined ? {} : { first };
    this.#question = askForNumber(
      voice,
      this.#context.timers,
      (dialled) => {
        this.#question = undefined;
        if (dialled.kind === 'collected') this.#dial(dialled.number);
        else this.#hangUp();
      },
      how,
    );
  }

  #dial(dialled: string): void {
    this.#numbers += 1;
    const { caller } = this.#options;
    whenConnected(this.#connect({ caller, dialled, marks: [] }), (connection) => {
      const leg = this.#leg;
      if (leg === undefined || leg.isClosed) return;
      this.#context.onDialog(leg.dialog.callId, connection.facts.id);
      const [call, effects] = beginningOf(connection);
      const second = new CarriedCall(this.#context, this.#keeper, call);
      this.#second = second;
      const options = {
        connection,
        caller: endOf(leg),
        dialledUser: encodeURIComponent(dialled),
        maxForwards: MAX_FORWARDS,
      };
      second.begin(this, ringingsFor(this.#context, options, second), effects);
    });
  }

  /** The caller hung up. */
  #left(): void {
    this.#stopSpeaking();
    const second = this.#second;
    if (second?.call.phase === 'offering') second.happened({ kind: 'caller-gave-up' });
    else second?.happened({ kind: 'hung-up', by: 'caller' });
    this.#ended('caller');
  }

  #hangUp(): void {
    this.#stopSpeaking();
    this.#leg?.bye(reasonOf(NORMAL));
    this.#ended('exchange');
  }

  #stopSpeaking(): void {
    this.#question?.end();
    this.#question = undefined;
    this.#voice?.close();
    this.#voice = undefined;
  }

  #refuse(outcome: Outcome): void {
    const { incoming, onOver } = this.#options;
    this.#stopSpeaking();
    const tag = this.#context.endpoint.newTag();
    incoming.respond(responseTo(incoming.request, outcome.sipStatus, undefined, tag));
    this.#happened({ kind: 'refused', attemptId: VOICE, outcome });
    onOver();
  }

  #ended(by: 'caller' | 'exchange'): void {
    if (this.#record.phase === 'answered') this.#happened({ kind: 'hung-up', by });
  }

  #happened(event: Parameters<typeof stepCall>[1]): void {
    [this.#record] = stepCall(this.#record, event, this.#context.clock.nowMs());
    this.#keeper.onKeep(this.#record, () => {});
  }
}

const VOICE = 'voice';
const GIVEN_UP: Outcome = { sipStatus: 487, q850Cause: 16 };
