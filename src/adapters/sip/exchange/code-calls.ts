import { type Outcome, startCall } from '../../../domain/exchange/call/index.ts';
import type { Language } from '../../../domain/members/index.ts';
import { accept, type Result, refuse } from '../../../domain/refusal/index.ts';
import { spokenCode } from '../../../domain/voice/index.ts';
import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipRequest, SipResponse } from '../../../protocols/sip/message/index.ts';
import type { Connection } from '../../../services/connect-call.ts';
import type { CodeCaller, CodeCallTarget } from '../../../services/ports/index.ts';
import { branchesOf, type OutwardRing, outwardBranch } from '../../../services/ring.ts';
import type { VoiceSession } from '../../media/index.ts';
import type { CallerSide } from './caller-side.ts';
import { type CallKeeper, CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { offerTo } from './offer.ts';
import { RingingPhone } from './ringing-phone.ts';

/** The ways to a telephone that is to hear a code. */
export type CodeWays = (target: CodeCallTarget) => Promise<Result<readonly OutwardRing[]>>;

export type CodeCallsOptions = {
  readonly ways: CodeWays;
  readonly newCallId: () => string;
};

const MAX_FORWARDS = 70;

/** Calls telephones and speaks codes, by which somebody proves to have the number (R17, R19). */
export class CodeCalls implements CodeCaller {
  readonly #context: ExchangeContext;
  readonly #keeper: CallKeeper;
  readonly #options: CodeCallsOptions;

  constructor(context: ExchangeContext, keeper: CallKeeper, options: CodeCallsOptions) {
    this.#context = context;
    this.#keeper = keeper;
    this.#options = options;
  }

  async speak(target: CodeCallTarget, code: string, language: Language): Promise<Result<null>> {
    const ways = await this.#options.ways(target);
    if (!ways.ok) return ways;
    const voice = await this.#context.voice?.voices.openVoice({ language });
    if (voice === undefined) {
      return refuse(
        'verification-call-unavailable',
        'All voices are speaking at the moment: try again in a minute.',
      );
    }
    const branch = outwardBranch(ways.value);
    const facts = {
      id: this.#options.newCallId(),
      dialled: target.value,
      calledNumber: target.value,
      startedAtMs: this.#context.clock.nowMs(),
    };
    const connection: Connection = {
      facts,
      callerUser: 'anonymous',
      language,
      asksNumber: false,
      marks: [],
      route: { ok: true, branches: [branch] },
    };
    const [call, effects] = startCall(facts, branchesOf([branch]));
    const carried = new CarriedCall(this.#context, this.#keeper, call);
    const options = {
      connection,
      dialledUser: target.value,
      maxForwards: MAX_FORWARDS,
      like: offerOf(voice),
    };
    const phones = branch.rings.map(
      (ring) => new RingingPhone(this.#context, offerTo(this.#context, ring, options), carried),
    );
    carried.begin(new SpeakingCaller(voice, code, carried), phones, effects);
    return accept(null);
  }
}

/** The voice, as the caller of its call: it says the code when somebody is there, and hangs up. */
class SpeakingCaller implements CallerSide {
  readonly #voice: VoiceSession;
  readonly #code: string;
  readonly #call: CarriedCall;

  constructor(voice: VoiceSession, code: string, call: CarriedCall) {
    this.#voice = voice;
    this.#code = code;
    this.#call = call;
  }

  provisional(): void {}

  answer(_callee: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void {
    acknowledge();
    const hangUp = () => this.#call.happened({ kind: 'hung-up', by: 'exchange' });
    if (this.#voice.accept(response.body)) this.#voice.play(spokenCode(this.#code), hangUp);
    else hangUp();
  }

  refuse(_outcome: Outcome): void {
    this.#voice.close();
  }

  hangUp(_outcome: Outcome): void {
    this.#voice.close();
  }
}

/** An INVITE of which nothing is used but its description. */
function offerOf(voice: VoiceSession): SipRequest {
  return {
    kind: 'request',
    method: 'INVITE',
    uri: '',
    headers: [{ name: 'Content-Type', value: 'application/sdp' }],
    body: voice.offer(),
  };
}
