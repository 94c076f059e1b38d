import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import {
  type HeaderField,
  maxForwards,
  responseTo,
  type SipRequest,
  type SipResponse,
} from '../../../protocols/sip/message/index.ts';
import {
  answerSessionTimer,
  describesSession,
  rackOf,
  retryAfterSeconds,
  type SessionTimerAnswer,
  sessionTimerOffer,
  sessionTimerTerms,
} from '../../../protocols/sip/session/index.ts';
import type { IncomingRequest, OutgoingRequest } from '../endpoint/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import type { DescribingVoice } from './leg-owner.ts';
import { type DescriptionRole, passBody } from './passage.ts';
import { ackParts, capabilityHeaders, passedHeaders } from './passed-headers.ts';

const DEFAULT_MAX_FORWARDS = 70;
const NO_BODY = new Uint8Array(0);
const SDP: HeaderField = { name: 'Content-Type', value: 'application/sdp' };

type Agreed = Extract<SessionTimerAnswer, { kind: 'agreed' }>;

/** Relays what a phone sends within its dialog to the phone it talks to, and the answers back. */
export class Relay {
  readonly #context: ExchangeContext;

  constructor(context: ExchangeContext) {
    this.#context = context;
  }

  /** An INVITE that changes the session: hold, resume, another codec, another address (RFC 3261 §14). */
  invite(incoming: IncomingRequest, leg: Leg): void {
    const agreed = this.#admit(incoming, leg);
    if (agreed === undefined) return;
    leg.receiveLaterInvite();
    const { voice } = leg.owner;
    if (voice !== undefined) {
      this.#changeWithVoice(incoming, leg, agreed, voice);
      return;
    }
    const { peer } = leg;
    if (peer?.mayInvite !== true) {
      this.answer(incoming, leg, 491);
      return;
    }
    passBody(leg.passage, leg.side, 'offer', incoming.request.body, (body) => {
      if (body === undefined) this.answer(incoming, leg, 488);
      else if (leg.isClosed || !peer.mayInvite) this.answer(incoming, leg, 491);
      else this.#inviteOn(incoming, leg, peer, { agreed, request: { ...incoming.request, body } });
    });
  }

  /** A phone that talks to our own voice holds it, moves, or refreshes its session. */
  #changeWithVoice(incoming: IncomingRequest, leg: Leg, agreed: Agreed, voice: DescribingVoice): void {
    const { request } = incoming;
    const isOffered = request.body.length > 0;
    const body = isOffered ? voice.answer(request.body) : voice.offer();
    if (body === undefined) {
      this.answer(incoming, leg, 488);
      return;
    }
    leg.moved(request);
    leg.time(agreed.terms);
    const described = { ...responseTo(request, 200), headers: [SDP], body };
    leg.accept(incoming, this.#relayed(incoming, leg, described, agreed.headers), (ack) => {
      if (!isOffered && ack !== undefined) voice.accept(ack.body);
    });
  }

  /** @param wish the request as the other phone is to see it */
  #inviteOn(
    incoming: IncomingRequest,
    leg: Leg,
    peer: Leg,
    { agreed, request }: { readonly agreed: Agreed; readonly request: SipRequest },
  ): void {
    let isCancelled = false;
    const giveUp = () => {
      isCancelled = true;
      outgoing.cancel();
    };
    const settle = this.#waiting(incoming, leg, giveUp);
    const role = request.body.length > 0 ? 'answer' : 'offer';
    const ask = (attempt: number): OutgoingRequest => {
      const policy = peer.sessionPolicy;
      const headers = [...capabilityHeaders(request), ...sessionTimerOffer(policy, 'uac')];
      return peer.invite(this.#parts(request, headers), {
        onProvisional: (response) => {
          if (response.status > 100 && !leg.isClosed)
            this.#passOn(peer, role, response, (passed) =>
              incoming.respond(this.#relayed(incoming, leg, passed)),
            );
        },
        onSuccess: (response, acknowledge) => {
          peer.time(sessionTimerTerms(response, policy));
          if (leg.isClosed) acknowledge();
          this.#passOn(peer, role, response, (passed) =>
            settle(() => {
              leg.moved(incoming.request);
              leg.time(agreed.terms);
              const accepted = this.#relayed(incoming, leg, passed, agreed.headers);
              leg.accept(incoming, accepted, (ack) => this.#passAck(leg, ack, acknowledge));
            }),
          );
        },
        onFailure: (status, response) => {
          // The interval is between us and that phone: the one that asks has no part in it (RFC 4028 §7.3).
          const again = attempt === 1 && !isCancelled && status === 422 && peer.tryLonger(response);
          if (again && peer.mayInvite) outgoing = ask(attempt + 1);
          else settle(() => this.#refuse(incoming, leg, status, response));
        },
      });
    };
    let outgoing = ask(1);
    incoming.onCancel = giveUp;
  }

  /** UPDATE (RFC 3311). One without an offer refreshes this leg's timer and concerns nobody else. */
  update(incoming: IncomingRequest, leg: Leg): void {
    const agreed = this.#admit(incoming, leg);
    if (agreed === undefined) return;
    const accept = (response: SipResponse) => {
      leg.observe('local', response);
      leg.moved(incoming.request);
      // An early dialog is timed from its answer on.
      if (leg.isConfirmed) leg.time(agreed.terms);
      incoming.respond(response);
    };
    if (!describesSession(incoming.request)) {
      const response = responseTo(incoming.request, 200);
      const headers = [...response.headers, this.#contactOf(leg), ...agreed.headers];
      accept({ ...response, headers });
      return;
    }
    const { peer } = leg;
    if (peer === undefined) {
      this.answer(incoming, leg, 491);
      return;
    }
    const policy = peer.sessionPolicy;
    // Without them a phone that refreshes would believe that nobody wants the session timed any more (RFC 4028 §9).
    const timed = peer.isConfirmed ? sessionTimerOffer(policy, 'uac') : [];
    const settle = this.#waiting(incoming, leg);
    passBody(leg.passage, leg.side, 'offer', incoming.request.body, (body) => {
      if (body === undefined) {
        settle(() => this.answer(incoming, leg, 488));
        return;
      }
      const request = { ...incoming.request, body };
      peer.request('UPDATE', this.#parts(request, timed), (status, response) => {
        if (status >= 300 || response === undefined) {
          settle(() => this.#refuse(incoming, leg, status, response));
          return;
        }
        peer.moved(response);
        if (peer.isConfirmed) peer.time(sessionTimerTerms(response, policy));
        this.#passOn(peer, 'answer', response, (passed) =>
          settle(() => accept(this.#relayed(incoming, leg, passed, agreed.headers))),
        );
      });
    });
  }

  /** PRACK passes to the phone whose response it acknowledges, with the number of our INVITE there (RFC 3262 §7.2). */
  prack(incoming: IncomingRequest, leg: Leg): void {
    const { peer } = leg;
    const rack = rackOf(incoming.request);
    const verdict = leg.judge(incoming.request);
    if (!rack.ok || peer === undefined) {
      this.answer(incoming, leg, rack.ok ? 481 : 400);
      return;
    }
    if (!verdict.ok) {
      this.answer(incoming, leg, verdict.status);
      return;
    }
    const role = leg.isAnswering ? 'answer' : 'offer';
    leg.observe('remote', incoming.request);
    const acknowledged = { name: 'RAck', value: `${rack.value.rseq} ${peer.inviteCseq} INVITE` };
    this.#pass('PRACK', incoming, leg, peer, { headers: [acknowledged], role });
  }

  /** INFO, MESSAGE, and whatever else has no meaning to the exchange. */
  other(incoming: IncomingRequest, leg: Leg): void {
    const { peer } = leg;
    if (peer === undefined) this.answer(incoming, leg, 500);
    else this.#pass(incoming.request.method, incoming, leg, peer, { headers: [] });
  }

  /** Answers for the exchange itself. */
  answer(incoming: IncomingRequest, leg: Leg, status: number, headers: readonly HeaderField[] = []): void {
    const response = responseTo(incoming.request, status);
    const retryAfter =
      status === 500
        ? [{ name: 'Retry-After', value: String(retryAfterSeconds(this.#context.random())) }]
        : [];
    const told = { ...response, headers: [...response.headers, ...headers, ...retryAfter] };
    leg.observe('local', told);
    incoming.respond(told);
  }

  /**
   * Whether a request may change the session now, and what its 2xx says of the session timer. Where it may not,
   * it is answered here.
   */
  #admit(incoming: IncomingRequest, leg: Leg): Agreed | undefined {
    const { request } = incoming;
    const verdict = leg.judge(request);
    if (!verdict.ok) {
      this.answer(incoming, leg, verdict.status);
      return undefined;
    }
    leg.observe('remote', request);
    const timer = answerSessionTimer(request, this.#context.sessionPolicy);
    if (timer.kind === 'agreed') return timer;
    this.answer(incoming, leg, 422, timer.headers);
    return undefined;
  }

  /** Answers once: with what the other phone says, or with 487 where the asking one hangs up before. */
  #waiting(incoming: IncomingRequest, leg: Leg, giveUp: () => void = () => {}): (answer: () => void) => void {
    let isOpen = true;
    const takeBack = leg.whenClosed(() => {
      isOpen = false;
      giveUp();
      incoming.respond(responseTo(incoming.request, 487));
    });
    return (answer) => {
      if (!isOpen) return;
      isOpen = false;
      takeBack();
      answer();
    };
  }

  /** @param how what is added, and what a description in it means, where one may be */
  #pass(
    method: string,
    incoming: IncomingRequest,
    leg: Leg,
    peer: Leg,
    { headers, role }: { readonly headers: readonly HeaderField[]; readonly role?: DescriptionRole },
  ): void {
    const settle = this.#waiting(incoming, leg);
    const { request } = incoming;
    const send = (body: Uint8Array | undefined) => {
      if (body === undefined) {
        settle(() => this.answer(incoming, leg, 488));
        return;
      }
      peer.request(method, this.#parts({ ...request, body }, headers), (status, response) => {
        if (status >= 300 || response === undefined) {
          settle(() => this.#refuse(incoming, leg, status, response));
          return;
        }
        const answered = (passed: SipResponse) =>
          settle(() => {
            const told = this.#relayed(incoming, leg, passed);
            leg.observe('local', told);
            incoming.respond(told);
          });
        if (role === undefined) answered(response);
        else this.#passOn(peer, 'answer', response, answered);
      });
    };
    if (role === undefined) send(request.body);
    else passBody(leg.passage, leg.side, role, request.body, send);
  }

  /** A response as the phone that asked is to see it; what cannot be relayed goes without its description. */
  #passOn(
    from: Leg,
    role: DescriptionRole,
    response: SipResponse,
    onward: (passed: SipResponse) => void,
  ): void {
    passBody(from.passage, from.side, role, response.body, (body = NO_BODY) => onward({ ...response, body }));
  }

  #passAck(leg: Leg, ack: SipRequest | undefined, acknowledge: (parts: RequestParts) => void): void {
    const parts = ackParts(ack);
    passBody(leg.passage, leg.side, 'answer', parts.body ?? NO_BODY, (body = NO_BODY) =>
      acknowledge({ ...parts, body }),
    );
  }

  #parts(request: SipRequest, headers: readonly HeaderField[] = []): RequestParts {
    return {
      maxForwards: (maxForwards(request) ?? DEFAULT_MAX_FORWARDS) - 1,
      headers: [...passedHeaders(request), ...headers],
      body: request.body,
    };
  }

  #relayed(
    incoming: IncomingRequest,
    leg: Leg,
    response: SipResponse,
    headers: readonly HeaderField[] = [],
  ): SipResponse {
    const told = responseTo(incoming.request, response.status, response.reason);
    const all = [
      ...told.headers,
      this.#contactOf(leg),
      ...passedHeaders(response),
      ...capabilityHeaders(response),
      ...headers,
    ];
    return { ...told, headers: all, body: response.body };
  }

  /** A refusal of the other phone; where it is gone, the asking phone is told so and the call ends with its dialog. */
  #refuse(incoming: IncomingRequest, leg: Leg, status: number, response: SipResponse | undefined): void {
    const told = statusToTell(incoming.request.method, status);
    this.answer(incoming, leg, told, response === undefined ? [] : passedHeaders(response));
  }

  #contactOf(leg: Leg): HeaderField {
    return { name: 'Contact', value: leg.dialog.localContact };
  }
}

/**
 * What the asking phone hears of a refusal.
 * - A challenge or a redirection is meant for us, who have no credentials there and follow nobody.
 * - A 503 would make the phone leave the whole exchange alone (RFC 3261 §16.7).
 * - A 408 is for INVITE only (RFC 4320 §4.2); phones take it for the end of the dialog.
 */
function statusToTell(method: string, status: number): number {
  if (status < 400 || status === 401 || status === 407) return 403;
  if (status === 503) return 500;
  return status === 408 && method !== 'INVITE' ? 504 : status;
}
