import {
  type Attempt,
  type CancelReason,
  type Outcome,
  outcomeOfPhone,
} from '../../../domain/exchange/call/index.ts';
import { dialogOfUac, type RequestParts } from '../../../protocols/sip/dialog/index.ts';
import {
  cseq,
  type SipRequest,
  type SipResponse,
  toTag,
  withHeader,
} from '../../../protocols/sip/message/index.ts';
import {
  policyAfter422,
  type SessionTimerPolicy,
  sessionTimerOffer,
  sessionTimerTerms,
} from '../../../protocols/sip/session/index.ts';
import type { OutgoingRequest } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import type { ExchangeContext } from './context.ts';
import { Leg, type LegOwner } from './leg.ts';
import { cancelReasonOf, reasonOf } from './reason.ts';

/** Who asked the phone to ring. */
export type RingingPhoneListener = LegOwner & {
  onProvisional(phone: RingingPhone, leg: Leg | undefined, response: SipResponse): void;
  onAnswered(
    phone: RingingPhone,
    leg: Leg,
    response: SipResponse,
    acknowledge: (parts?: RequestParts) => void,
  ): void;
  onRefused(phone: RingingPhone, outcome: Outcome): void;
};

export type RingingPhoneOptions = {
  readonly attempt: Attempt;
  readonly flow: Flow;
  /** Without Via and session timer. */
  readonly invite: SipRequest;
};

/** Non-selected user clearing, for a second answer that came too late. */
const ANSWERED_ELSEWHERE: Outcome = { sipStatus: 200, q850Cause: 26 };

/** A phone that never answered is, to the caller, one that is not there. */
const UNREACHABLE: Outcome = { sipStatus: 480, q850Cause: 20 };

/** One phone that is asked to ring: an INVITE to one binding, with all the dialogs it may open (RFC 3261 §12.1.2). */
export class RingingPhone {
  readonly attempt: Attempt;
  readonly #context: ExchangeContext;
  readonly #listener: RingingPhoneListener;
  readonly #flow: Flow;
  /** By the phone's tag; a phone may itself be a fork. */
  readonly #legs = new Map<string, Leg>();
  #invite: SipRequest;
  #policy: SessionTimerPolicy;
  #sent: OutgoingRequest | undefined;
  #answered: { readonly leg: Leg; ack?: SipRequest } | undefined;
  #settled = false;

  constructor(
    context: ExchangeContext,
    { attempt, flow, invite }: RingingPhoneOptions,
    listener: RingingPhoneListener,
  ) {
    this.#context = context;
    this.attempt = attempt;
    this.#flow = flow;
    this.#invite = invite;
    this.#listener = listener;
    this.#policy = context.sessionPolicy;
  }

  ring(): void {
    const invite = this.#invite;
    const timed = { ...invite, headers: [...invite.headers, ...sessionTimerOffer(this.#policy)] };
    this.#sent = this.#context.endpoint.send(timed, this.#flow, {
      onResponse: (response) => this.#receive(response),
      onTimeout: () => this.#refused(UNREACHABLE),
      onUnreachable: () => this.#refused(UNREACHABLE),
    });
  }

  cancel(reason: CancelReason): void {
    for (const leg of this.#legs.values()) if (leg !== this.#answered?.leg) leg.close();
    this.#sent?.cancel(cancelReasonOf(reason));
  }

  /** Its answer came too late: it is acknowledged and hung up (RFC 3261 §13.2.2.4). */
  release(): void {
    const answered = this.#answered;
    if (answered === undefined || this.#sent === undefined) return;
    answered.ack ??= answered.leg.acknowledge(this.#sent.request);
    answered.leg.bye(reasonOf(ANSWERED_ELSEWHERE));
  }

  #receive(response: SipResponse): void {
    if (response.status < 200) this.#receiveProvisional(response);
    else if (response.status < 300) this.#receiveSuccess(response);
    else if (response.status === 422 && this.#tryLonger(response)) return;
    else this.#refused(outcomeOfPhone(response.status));
  }

  #receiveProvisional(response: SipResponse): void {
    if (response.status === 100 || this.#settled) return;
    const leg = this.#legFor(response);
    leg?.observe('remote', response);
    this.#listener.onProvisional(this, leg, response);
  }

  #receiveSuccess(response: SipResponse): void {
    const tag = toTag(response) ?? '';
    if (this.#answered !== undefined && this.#answered.leg.dialog.remoteTag === tag) {
      // The phone repeats its 2xx until it sees the ACK (RFC 3261 §13.2.2.4).
      if (this.#answered.ack !== undefined)
        this.#context.endpoint.acknowledge(this.#answered.ack, this.#flow);
      return;
    }
    const leg = this.#legFor(response);
    if (leg === undefined) {
      this.#refused(outcomeOfPhone(500));
      return;
    }
    leg.confirm(response);
    leg.observe('remote', response);
    if (this.#answered !== undefined) this.#releaseFork(leg);
    else this.#answer(leg, response);
  }

  #answer(leg: Leg, response: SipResponse): void {
    const answered: { readonly leg: Leg; ack?: SipRequest } = { leg };
    this.#answered = answered;
    this.#settled = true;
    for (const other of this.#legs.values()) if (other !== leg) other.close();
    leg.time(sessionTimerTerms(response, this.#policy));
    this.#listener.onAnswered(this, leg, response, (parts) => {
      if (this.#sent !== undefined) answered.ack ??= leg.acknowledge(this.#sent.request, parts);
    });
  }

  /** The phone was a fork itself, and two of its branches answered. */
  #releaseFork(leg: Leg): void {
    if (this.#sent === undefined) return;
    leg.acknowledge(this.#sent.request);
    leg.bye(reasonOf(ANSWERED_ELSEWHERE));
  }

  #legFor(response: SipResponse): Leg | undefined {
    const tag = toTag(response);
    if (tag === undefined || this.#sent === undefined) return undefined;
    const known = this.#legs.get(tag);
    if (known !== undefined) return known;
    const dialog = dialogOfUac(this.#sent.request, response);
    if (!dialog.ok) return undefined;
    const leg = new Leg(this.#context, {
      dialog: dialog.value,
      flow: this.#flow,
      owner: this.#listener,
      terminalId: this.attempt.terminalId,
    });
    leg.observe('local', this.#sent.request);
    this.#legs.set(dialog.value.remoteTag, leg);
    return leg;
  }

  /** RFC 4028 §7.3: the phone wants a longer interval, and is asked again with it. */
  #tryLonger(refusal: SipResponse): boolean {
    const policy = policyAfter422(this.#policy, refusal);
    if (policy === undefined || this.#settled) return false;
    this.#policy = policy;
    this.#invite = withHeader(this.#invite, 'CSeq', `${cseq(this.#invite).number + 1} INVITE`);
    this.ring();
    return true;
  }

  #refused(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const leg of this.#legs.values()) leg.close();
    this.#listener.onRefused(this, outcome);
  }
}
