import {
  type Attempt,
  type CancelReason,
  type Outcome,
  outcomeOfPhone,
} from '../../../domain/exchange/call/index.ts';
import { dialogOfUac, type RequestParts } from '../../../protocols/sip/dialog/index.ts';
import {
  cseq,
  parsed,
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
import type { IncomingRequest, OutgoingRequest } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import type { ExchangeContext } from './context.ts';
import { Leg } from './leg.ts';
import type { LegOwner } from './leg-owner.ts';
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

/** How often a phone may want a longer session interval than it was asked for. */
const MOST_LONGER_INTERVALS = 3;

/** How many early dialogs one phone may open: it may be a fork, and must not fill the memory with them. */
const MOST_EARLY_DIALOGS = 10;

/** A phone that never answered is, to the caller, one that is not there. */
const UNREACHABLE: Outcome = { sipStatus: 480, q850Cause: 20 };

/** What repeats the ACK for a 2xx; until that was sent, nothing. */
type Acknowledged = { repeat?: () => void };

/** What a second answer of the same phone needs of the INVITE (RFC 3261 §12.1.2). */
const MAKES_A_DIALOG: ReadonlySet<string> = new Set(['From', 'To', 'Call-ID', 'CSeq', 'Contact']);

const NO_BODY = new Uint8Array(0);

/** One phone that is asked to ring: an INVITE to one binding, with all the dialogs it may open (RFC 3261 §12.1.2). */
export class RingingPhone implements LegOwner {
  readonly attempt: Attempt;
  readonly #context: ExchangeContext;
  /** Until the phone's answer is acknowledged. */
  #listener: RingingPhoneListener | undefined;
  readonly #flow: Flow;
  /** By the phone's tag; a phone may itself be a fork. */
  readonly #legs = new Map<string, Leg>();
  #invite: SipRequest;
  #policy: SessionTimerPolicy;
  #sent: OutgoingRequest | undefined;
  #answered: Leg | undefined;
  /** The ACKs for its 2xx, by its tag. */
  readonly #acks = new Map<string, Acknowledged>();
  #settled = false;
  /** Whether nobody wants it to ring any more, whatever it still says. */
  #cancelled = false;
  #longerIntervals = 0;

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
    this.#cancelled = true;
    this.#sent?.cancel(cancelReasonOf(reason));
  }

  /** Its answer came too late: it is acknowledged and hung up (RFC 3261 §13.2.2.4). */
  release(): void {
    this.#answered?.bye(reasonOf(ANSWERED_ELSEWHERE));
  }

  /** A phone must not end its early dialog so (RFC 3261 §15); one that does will not answer. */
  onBye(leg: Leg): void {
    this.#giveUp(leg);
  }

  onLost(leg: Leg): void {
    this.#giveUp(leg);
  }

  onRefer(leg: Leg, refer: IncomingRequest): void {
    this.#listener?.onRefer(leg, refer);
  }

  #giveUp(leg: Leg): void {
    leg.close();
    this.#cancelled = true;
    this.#sent?.cancel();
    this.#refused(UNREACHABLE);
  }

  #receive(response: SipResponse): void {
    if (response.status < 200) this.#receiveProvisional(response);
    else if (response.status < 300) this.#receiveSuccess(response);
    else if (response.status === 422 && this.#tryLonger(response)) return;
    else this.#refused(outcomeOfPhone(response.status));
  }

  #receiveProvisional(response: SipResponse): void {
    if (response.status === 100 || this.#settled) return;
    const isNew = !this.#legs.has(toTag(response) ?? '');
    if (isNew && this.#legs.size >= MOST_EARLY_DIALOGS) return;
    const leg = this.#legFor(response);
    leg?.observe('remote', response);
    this.#listener?.onProvisional(this, leg, response);
  }

  #receiveSuccess(response: SipResponse): void {
    const tag = toTag(response) ?? '';
    const before = this.#acks.get(tag);
    if (before !== undefined) {
      // The phone repeats its 2xx until it sees the ACK (RFC 3261 §13.2.2.4).
      before.repeat?.();
      return;
    }
    const leg = this.#legFor(response);
    if (leg === undefined) {
      this.#refused(outcomeOfPhone(500));
      return;
    }
    leg.confirm(response);
    leg.observe('remote', response);
    const acknowledged: Acknowledged = {};
    this.#acks.set(leg.dialog.remoteTag, acknowledged);
    const acknowledge = (parts?: RequestParts) => {
      if (acknowledged.repeat !== undefined) return;
      acknowledged.repeat = leg.acknowledge(leg.inviteCseq, parts);
      this.#forgetCall();
    };
    leg.owesAck(acknowledge);
    // The phone was a fork itself, and two of its branches answered; or it had been given up.
    if (this.#settled) leg.bye(reasonOf(ANSWERED_ELSEWHERE));
    else this.#answer(leg, response, acknowledge);
  }

  #answer(leg: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void {
    this.#answered = leg;
    this.#settled = true;
    for (const other of this.#legs.values()) if (other !== leg) other.close();
    if (this.#listener !== undefined) leg.owner = this.#listener;
    leg.time(sessionTimerTerms(response, this.#policy));
    this.#listener?.onAnswered(this, leg, response, acknowledge);
  }

  #legFor(response: SipResponse): Leg | undefined {
    const tag = toTag(response);
    if (tag === undefined || this.#sent === undefined) return undefined;
    const known = this.#legs.get(tag);
    if (known?.isClosed === false) return known;
    // A dialog that was given up and is answered after all goes on to count where it was.
    const dialog = known === undefined ? dialogOfUac(this.#sent.request, response) : parsed(known.dialog);
    if (!dialog.ok) return undefined;
    const leg = new Leg(this.#context, {
      dialog: dialog.value,
      flow: this.#flow,
      owner: this,
      terminalId: this.attempt.terminalId,
      sessionPolicy: this.#policy,
    });
    leg.observe('local', this.#sent.request);
    this.#legs.set(dialog.value.remoteTag, leg);
    return leg;
  }

  /**
   * The transaction goes on for half a minute for what may come again, and keeps this alive: of the call it then
   * needs no more than what a dialog is made of.
   */
  #forgetCall(): void {
    if (this.#sent === undefined) return;
    const { request } = this.#sent;
    const headers = request.headers.filter(({ name }) => MAKES_A_DIALOG.has(name));
    this.#sent = { request: { ...request, headers, body: NO_BODY }, cancel: () => {} };
    this.#invite = this.#sent.request;
    this.#listener = undefined;
    this.#answered = undefined;
    this.#legs.clear();
  }

  /** RFC 4028 §7.3: the phone wants a longer interval, and is asked again with it, but not for ever. */
  #tryLonger(refusal: SipResponse): boolean {
    const policy = policyAfter422(this.#policy, refusal);
    if (policy === undefined || this.#settled || this.#cancelled) return false;
    if (this.#longerIntervals === MOST_LONGER_INTERVALS) return false;
    this.#longerIntervals += 1;
    this.#policy = policy;
    this.#invite = withHeader(this.#invite, 'CSeq', `${cseq(this.#invite).number + 1} INVITE`);
    this.ring();
    return true;
  }

  #refused(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const leg of this.#legs.values()) leg.close();
    this.#listener?.onRefused(this, outcome);
  }
}
