import { dialogOfUas } from '../../../protocols/sip/dialog/index.ts';
import {
  headerValue,
  maxForwards,
  responseTo,
  type SipRequest,
  type SipResponse,
} from '../../../protocols/sip/message/index.ts';
import {
  answerSessionTimer,
  type SessionTimerAnswer,
  sessionTimerOffer,
  sessionTimerTerms,
} from '../../../protocols/sip/session/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { Leg } from './leg.ts';
import { type Passage, passBody, passingBack } from './passage.ts';
import { ackParts, capabilityHeaders, passedHeaders } from './passed-headers.ts';
import { reasonOf } from './reason.ts';
import { pairUp, passageBetween } from './relayed.ts';
import { isEarlyOnly, replacedDialog } from './replaces.ts';

/** Normal clearing, for the phone whose conversation another one has taken over. */
const TAKEN_OVER = { sipStatus: 200, q850Cause: 16 };

const DEFAULT_MAX_FORWARDS = 70;
const NO_BODY = new Uint8Array(0);

/** A conversation that may be taken over: its call, the leg that is replaced, and the one that stays. */
type Taken = { readonly call: CarriedCall; readonly replaced: Leg; readonly partner: Leg };

type Agreed = Extract<SessionTimerAnswer, { kind: 'agreed' }>;

/**
 * Serves the INVITE that names a conversation in Replaces (RFC 3891): the phone that sent it takes the place of the
 * one it names, when the partner has agreed to the new session.
 */
export class TakeOvers {
  readonly #context: ExchangeContext;
  readonly #mayReplace: (terminalId: string, replacedTerminalId: string) => boolean;

  /** @param mayReplace whether a terminal may take over the conversations of another one, or its own */
  constructor(
    context: ExchangeContext,
    mayReplace: (terminalId: string, replacedTerminalId: string) => boolean,
  ) {
    this.#context = context;
    this.#mayReplace = mayReplace;
  }

  /** @param terminalId the terminal that proved to have sent it */
  invite(incoming: IncomingRequest, terminalId: string): void {
    const { request } = incoming;
    const taken = this.#taken(request, terminalId);
    if (typeof taken === 'number') {
      this.#refuse(incoming, taken);
      return;
    }
    const timer = answerSessionTimer(request, this.#context.sessionPolicy);
    if (timer.kind === 'too-small') {
      const refusal = this.#answerOf(request, 422);
      incoming.respond({ ...refusal, headers: [...refusal.headers, ...timer.headers] });
      return;
    }
    const dialog = dialogOfUas(
      request,
      this.#context.endpoint.newTag(),
      this.#context.endpoint.contact(incoming.source),
    );
    if (!dialog.ok) {
      this.#refuse(incoming, dialog.problem.status);
      return;
    }
    const leg = new Leg(this.#context, {
      dialog: dialog.value,
      flow: incoming.source,
      owner: taken.call,
      terminalId,
    });
    leg.observe('remote', request);
    this.#context.onDialog(dialog.value.callId, taken.call.call.facts.id);
    this.#askPartner(incoming, leg, taken, timer);
  }

  /** The conversation a Replaces names, or the status to refuse with (RFC 3891 §3). */
  #taken(request: SipRequest, terminalId: string): Taken | number {
    const value = headerValue(request, 'Replaces') ?? '';
    const key = replacedDialog(value);
    if (!key.ok) return key.problem.status;
    const replaced = this.#context.legs.find(key.value);
    if (replaced === undefined) return 481;
    // The conversations of other networks are nobody's to take.
    if (replaced.terminalId === undefined || !this.#mayReplace(terminalId, replaced.terminalId)) return 403;
    if (replaced.isClosed) return 603;
    // A call that rings for somebody cannot be taken: both phones that want to talk have made an offer already.
    if (!replaced.isConfirmed) return 481;
    if (isEarlyOnly(value)) return 486;
    const { owner: call, peer: partner } = replaced;
    const isFree = call instanceof CarriedCall && call.call.phase === 'answered' && partner?.owner === call;
    if (!isFree || partner === undefined || call.call.transferringSide !== undefined) return 491;
    return partner.mayInvite ? { call, replaced, partner } : 491;
  }

  #askPartner(incoming: IncomingRequest, leg: Leg, taken: Taken, timer: Agreed): void {
    const { request } = incoming;
    const passage = passageBetween(this.#context, leg, taken.partner);
    if (passage === 'full') {
      leg.close();
      this.#refuse(incoming, 503);
      return;
    }
    let isCancelled = false;
    incoming.onCancel = () => {
      isCancelled = true;
    };
    passBody(passage, 'caller', 'offer', request.body, (body) => {
      if (body === undefined || isCancelled || !taken.partner.mayInvite) {
        passage?.close();
        leg.close();
        this.#refuse(incoming, isCancelled ? 487 : body === undefined ? 488 : 491);
      } else this.#invitePartner(incoming, leg, taken, { timer, passage, body });
    });
  }

  #invitePartner(
    incoming: IncomingRequest,
    leg: Leg,
    { call, replaced, partner }: Taken,
    {
      timer,
      passage,
      body,
    }: { readonly timer: Agreed; readonly passage: Passage | undefined; readonly body: Uint8Array },
  ): void {
    const { request } = incoming;
    const policy = partner.sessionPolicy;
    const asked = {
      maxForwards: (maxForwards(request) ?? DEFAULT_MAX_FORWARDS) - 1,
      headers: [
        ...passedHeaders(request),
        ...capabilityHeaders(request),
        ...sessionTimerOffer(policy, 'uac'),
      ],
      body,
    };
    const outgoing = partner.invite(asked, {
      onProvisional: () => {},
      onSuccess: (response, acknowledge) => {
        partner.time(sessionTimerTerms(response, policy));
        const passedBack = passingBack(passage, acknowledge);
        passBody(passage, 'callee', body.length > 0 ? 'answer' : 'offer', response.body, (told = NO_BODY) => {
          // One of the two may have hung up while the relay thought.
          if (partner.isClosed) {
            passage?.close();
            leg.close();
            this.#refuse(incoming, 480);
            return;
          }
          leg.confirm();
          replaced.peer = undefined;
          pairUp(leg, partner, passage);
          call.replace(replaced, leg);
          const accepted = this.#accepted(leg, request, { ...response, body: told }, timer);
          leg.accept(incoming, accepted, (ack) => passedBack(ackParts(ack)));
          leg.time(timer.terms);
          replaced.bye(reasonOf(TAKEN_OVER));
        });
      },
      onFailure: (status) => {
        passage?.close();
        leg.close();
        // Only a refusal of the session itself says something to the phone that asks.
        this.#refuse(incoming, status === 487 || status === 488 || status === 491 ? status : 480);
      },
    });
    incoming.onCancel = () => outgoing.cancel();
  }

  /** @param response the partner's, as the phone that takes over is to see it */
  #accepted(leg: Leg, request: SipRequest, response: SipResponse, { headers }: Agreed): SipResponse {
    const ok = this.#answerOf(request, 200, leg.dialog.localTag);
    const contact = { name: 'Contact', value: leg.dialog.localContact };
    const all = [...ok.headers, contact, ...passedHeaders(response), ...capabilityHeaders(response)];
    return { ...ok, headers: [...all, ...headers], body: response.body };
  }

  #refuse(incoming: IncomingRequest, status: number): void {
    incoming.respond(this.#answerOf(incoming.request, status));
  }

  #answerOf(request: SipRequest, status: number, tag = this.#context.endpoint.newTag()): SipResponse {
    return responseTo(request, status, undefined, tag);
  }
}
