import {
  type Attempt,
  type CancelReason,
  type Outcome,
  outcomeOfPhone,
} from '../../../domain/exchange/call/index.ts';
import {
  type Dialog,
  dialogOfUac,
  inviteBehind,
  type RequestParts,
} from '../../../protocols/sip/dialog/index.ts';
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
import type { IncomingRequest, OutgoingRequest, ResponseListener } from '../endpoint/index.ts';
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

/** A 2xx of the phone, by its tag, and what repeats the ACK for it; until that was sent, nothing. */
type Answer = { readonly tag: string; repeatAck?: () => void };

/** Shared by the phones of which nothing is left but a transaction that ends in half a minute. */
const NO_LEGS: readonly Leg[] = [];

/** One phone that is asked to ring: an INVITE to one binding, with all the dialogs it may open (RFC 3261 §12.1.2). */
export class RingingPhone implements LegOwner, ResponseListener {
  readonly attempt: Attempt;
  readonly #context: ExchangeContext;
  /** Until the phone's answer is acknowledged. */
  #listener: RingingPhoneListener | undefined;
  readonly #flow: Flow;
  /** Each with another tag of the phone, which may itself be a fork. */
  #legs = NO_LEGS;
  /** Until its answer is acknowledged. */
  #invite: SipRequest | undefined;
  #policy: SessionTimerPolicy;
  #sent: OutgoingRequest | undefined;
  #answered: Leg | undefined;
  #answers: readonly Answer[] = [];
  /** The dialog that its answer made, once that is acknowledged. */
  #made: Dialog | undefined;
  #inviteCseq = 0;
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
    if (invite === undefined) return;
    const timed = { ...invite, headers: [...invite.headers, ...sessionTimerOffer(this.#policy)] };
    this.#sent = this.#context.endpoint.send(timed, this.#flow, this);
  }

  onTimeout(): void {
    this.#refused(UNREACHABLE);
  }

  onUnreachable(): void {
    this.#refused(UNREACHABLE);
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

  onResponse(response: SipResponse): void {
    if (response.status < 200) this.#receiveProvisional(response);
    else if (response.status < 300) this.#receiveSuccess(response);
    else if (response.status === 422 && this.#tryLonger(response)) return;
    else this.#refused(outcomeOfPhone(response.status));
  }

  #receiveProvisional(response: SipResponse): void {
    if (response.status === 100 || this.#settled) return;
    const isNew = this.#legTagged(toTag(response)) === undefined;
    if (isNew && this.#legs.length >= MOST_EARLY_DIALOGS) return;
    const leg = this.#legFor(response);
    leg?.observe('remote', response);
    this.#listener?.onProvisional(this, leg, response);
  }

  #receiveSuccess(response: SipResponse): void {
    const tag = toTag(response) ?? '';
    const before = this.#answers.find((answer) => answer.tag === tag);
    if (before !== undefined) {
      // The phone repeats its 2xx until it sees the ACK (RFC 3261 §13.2.2.4).
      before.repeatAck?.();
      return;
    }
    const leg = this.#legFor(response);
    if (leg === undefined) {
      this.#refused(outcomeOfPhone(500));
      return;
    }
    leg.confirm(response);
    leg.observe('remote', response);
    const answer: Answer = { tag: leg.dialog.remoteTag };
    this.#answers = this.#answers.concat(answer);
    const acknowledge = (parts?: RequestParts) => {
      if (answer.repeatAck !== undefined) return;
      answer.repeatAck = leg.acknowledge(leg.inviteCseq, parts);
      this.#forgetCall(leg);
    };
    leg.owesAck(acknowledge);
    // The phone was a fork itself, and two of its branches answered; or it had been given up.
    if (this.#settled) leg.bye(reasonOf(ANSWERED_ELSEWHERE));
    else this.#answer(leg, response, acknowledge);
  }

  #answer(leg: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void {
    this.#answered = leg;
    this.#settled = true;
    for (const other of this.#legs) if (other !== leg) other.close();
    if (this.#listener !== undefined) leg.owner = this.#listener;
    leg.time(sessionTimerTerms(response, this.#policy));
    this.#listener?.onAnswered(this, leg, response, acknowledge);
  }

  #legTagged(tag: string | undefined): Leg | undefined {
    return this.#legs.find((leg) => leg.dialog.remoteTag === tag);
  }

  #legFor(response: SipResponse): Leg | undefined {
    const tag = toTag(response);
    const request = this.#sent?.request ?? (this.#made && inviteBehind(this.#made, this.#inviteCseq));
    if (tag === undefined || request === undefined) return undefined;
    const known = this.#legTagged(tag);
    if (known?.isClosed === false) return known;
    // A dialog that was given up and is answered after all goes on to count where it was.
    const dialog = known === undefined ? dialogOfUac(request, response) : parsed(known.dialog);
    if (!dialog.ok) return undefined;
    const leg = new Leg(this.#context, {
      dialog: dialog.value,
      flow: this.#flow,
      owner: this,
      terminalId: this.attempt.terminalId,
      sessionPolicy: this.#policy,
    });
    leg.observe('local', request);
    this.#legs = [...this.#legs.filter((other) => other !== known), leg];
    return leg;
  }

  /**
   * The transaction goes on for half a minute for what may come again, and keeps this alive: of the call it then
   * needs no more than what a dialog is made of.
   */
  #forgetCall(answered: Leg): void {
    this.#made ??= answered.dialog;
    this.#inviteCseq = answered.inviteCseq;
    this.#sent = undefined;
    this.#invite = undefined;
    this.#listener = undefined;
    this.#answered = undefined;
    this.#legs = NO_LEGS;
  }

  /** RFC 4028 §7.3: the phone wants a longer interval, and is asked again with it, but not for ever. */
  #tryLonger(refusal: SipResponse): boolean {
    const policy = policyAfter422(this.#policy, refusal);
    const invite = this.#invite;
    if (policy === undefined || invite === undefined || this.#settled || this.#cancelled) return false;
    if (this.#longerIntervals === MOST_LONGER_INTERVALS) return false;
    this.#longerIntervals += 1;
    this.#policy = policy;
    this.#invite = withHeader(invite, 'CSeq', `${cseq(invite).number + 1} INVITE`);
    this.ring();
    return true;
  }

  #refused(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const leg of this.#legs) leg.close();
    this.#listener?.onRefused(this, outcome);
  }
}
