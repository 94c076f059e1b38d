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
import type { IncomingRequest } from '../endpoint/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { capabilityHeaders, passedHeaders } from './passed-headers.ts';

const DEFAULT_MAX_FORWARDS = 70;

/** Relays what a phone sends within its dialog to the phone it talks to, and the answers back. */
export class Relay {
  readonly #context: ExchangeContext;

  constructor(context: ExchangeContext) {
    this.#context = context;
  }

  /** An INVITE that changes the session: hold, resume, another codec, another address (RFC 3261 §14). */
  invite(incoming: IncomingRequest, leg: Leg): void {
    const agreed = this.#admit(incoming, leg);
    const { peer } = leg;
    if (agreed === undefined || peer === undefined) return;
    if (!peer.mayInvite) {
      this.answer(incoming, leg, 491);
      return;
    }
    const policy = this.#context.sessionPolicy;
    const headers = [...capabilityHeaders(incoming.request), ...sessionTimerOffer(policy, 'uac')];
    const outgoing = peer.invite(this.#parts(incoming.request, headers), {
      onProvisional: (response) => {
        if (response.status > 100) incoming.respond(this.#relayed(incoming, leg, response));
      },
      onSuccess: (response, acknowledge) => {
        leg.moved(incoming.request);
        leg.time(agreed.terms);
        peer.time(sessionTimerTerms(response, policy));
        const accepted = this.#relayed(incoming, leg, response, agreed.headers);
        leg.accept(incoming, accepted, (ack) => acknowledge({ headers: passedHeaders(ack), body: ack.body }));
      },
      onFailure: (status, response) => this.#refuse(incoming, leg, status, response),
    });
    incoming.onCancel = () => outgoing.cancel();
  }

  /** UPDATE (RFC 3311). One without an offer refreshes this leg's timer and concerns nobody else. */
  update(incoming: IncomingRequest, leg: Leg): void {
    const agreed = this.#admit(incoming, leg);
    const { peer } = leg;
    if (agreed === undefined || peer === undefined) return;
    const accept = (response: SipResponse) => {
      leg.moved(incoming.request);
      // An early dialog is timed from its answer on.
      if (leg.isConfirmed) leg.time(agreed.terms);
      incoming.respond(response);
    };
    if (!describesSession(incoming.request)) {
      const response = responseTo(incoming.request, 200);
      const headers = [...response.headers, this.#contactOf(leg), ...agreed.headers];
      leg.observe('local', response);
      accept({ ...response, headers });
      return;
    }
    peer.request('UPDATE', this.#parts(incoming.request), (status, response) => {
      if (status >= 300 || response === undefined) this.#refuse(incoming, leg, status, response);
      else {
        const told = this.#relayed(incoming, leg, response, agreed.headers);
        leg.observe('local', told);
        accept(told);
      }
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
    leg.observe('remote', incoming.request);
    const acknowledged = { name: 'RAck', value: `${rack.value.rseq} ${peer.inviteCseq} INVITE` };
    this.#pass('PRACK', incoming, leg, peer, [acknowledged]);
  }

  /** INFO, MESSAGE, and whatever else has no meaning to the exchange. */
  other(incoming: IncomingRequest, leg: Leg): void {
    const { peer } = leg;
    if (peer === undefined) this.answer(incoming, leg, 480);
    else this.#pass(incoming.request.method, incoming, leg, peer, []);
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
  #admit(incoming: IncomingRequest, leg: Leg): Extract<SessionTimerAnswer, { kind: 'agreed' }> | undefined {
    const { request } = incoming;
    const verdict = leg.judge(request);
    if (!verdict.ok) {
      this.answer(incoming, leg, verdict.status);
      return undefined;
    }
    leg.observe('remote', request);
    const timer = answerSessionTimer(request, this.#context.sessionPolicy);
    if (timer.kind === 'too-small') this.answer(incoming, leg, 422, timer.headers);
    else if (leg.peer === undefined) this.answer(incoming, leg, 491);
    else return timer;
    return undefined;
  }

  #pass(
    method: string,
    incoming: IncomingRequest,
    leg: Leg,
    peer: Leg,
    headers: readonly HeaderField[],
  ): void {
    peer.request(method, this.#parts(incoming.request, headers), (status, response) => {
      if (status >= 300 || response === undefined) this.#refuse(incoming, leg, status, response);
      else {
        const told = this.#relayed(incoming, leg, response);
        leg.observe('local', told);
        incoming.respond(told);
      }
    });
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
    // A challenge is meant for us, who have no credentials there.
    const told = status === 401 || status === 407 ? 403 : status;
    this.answer(incoming, leg, told, response === undefined ? [] : passedHeaders(response));
  }

  #contactOf(leg: Leg): HeaderField {
    return { name: 'Contact', value: leg.dialog.localContact };
  }
}
