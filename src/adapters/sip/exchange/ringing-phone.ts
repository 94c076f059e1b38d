import {
  type Attempt,
  type CancelReason,
  type Outcome,
  outcomeOfPhone,
} from '../../../domain/exchange/call/index.ts';
import {
  type Dialog,
  dialogKey,
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
import { LineInUse, type LineUser, type OutwardLine } from './outward-line.ts';
import { type Passage, passBody, passingBack } from './passage.ts';
import { cancelReasonOf, causeIn, reasonOf } from './reason.ts';

/** Who asked the phone to ring. */
export type RingingPhoneListener = LegOwner & {
  onProvisional(phone: Attempted, leg: Leg | undefined, response: SipResponse): void;
  onAnswered(
    phone: Attempted,
    leg: Leg,
    response: SipResponse,
    acknowledge: (parts?: RequestParts) => void,
  ): void;
  onRefused(phone: Attempted, outcome: Outcome): void;
};

/** Whatever rings for an attempt. */
type Attempted = { readonly attempt: Attempt };

export type RingingPhoneOptions = {
  readonly attempt: Attempt;
  /** Where it is reached: the next one where one is silent or broken (RFC 3263 §4.3). */
  readonly flows: readonly [Flow, ...Flow[]];
  /** Without Via and session timer. */
  readonly invite: SipRequest;
  /** What holds for a way to another network. */
  readonly line?: OutwardLine;
  /** Why it need not be asked at all. */
  readonly refusal?: Outcome;
  /** Whether its sound needs the relay, whoever calls. */
  readonly needsRelay?: boolean;
  /** Opens the relay for the call to it, where one is needed; `full` where there is no room. */
  readonly openPassage?: (onSilence: () => void) => Passage | 'full' | undefined;
};

/** Non-selected user clearing, for a second answer that came too late. */
const ANSWERED_ELSEWHERE: Outcome = { sipStatus: 200, q850Cause: 26 };

/** How often a phone may want a longer session interval than it was asked for. */
const MOST_LONGER_INTERVALS = 3;

/** How many early dialogs one phone may open: it may be a fork, and must not fill the memory with them. */
const MOST_EARLY_DIALOGS = 10;

/** A phone that never answered is, to the caller, one that is not there. */
const UNREACHABLE: Outcome = { sipStatus: 480, q850Cause: 20 };

/** A way to another network from which nothing was heard (Q.850 cause 38: network out of order). */
const SILENT: Outcome = { sipStatus: 503, q850Cause: 38, silent: true };

/** A way to another network that tried, and got nowhere (Q.850 cause 102: recovery on timer expiry). */
const STUCK: Outcome = { sipStatus: 504, q850Cause: 102 };

/** It rang there for as long as it may (Q.850 cause 19: no answer, user alerted). */
const RUNG_OUT: Outcome = { sipStatus: 480, q850Cause: 19 };

/** It was given up before it was asked (Q.850 cause 16: normal clearing). */
const CANCELLED: Outcome = { sipStatus: 487, q850Cause: 16 };

/** The relay has no room (Q.850 cause 47: resource unavailable), or cannot make sense of a description. */
const RELAY_FULL: Outcome = { sipStatus: 503, q850Cause: 47 };
const NOT_RELAYED: Outcome = { sipStatus: 488, q850Cause: 65 };

/** How often a way to another network is told who we are. */
const MOST_CHALLENGES = 2;

/** A 2xx of the phone, by its tag, and what repeats the ACK for it; until that was sent, nothing. */
type Answer = { readonly tag: string; repeatAck?: () => void };

const NO_BODY = new Uint8Array(0);

/** Shared by the phones of which nothing is left but a transaction that ends in half a minute. */
const NO_LEGS: readonly Leg[] = [];

/** One phone that is asked to ring: an INVITE to one binding, with all the dialogs it may open (RFC 3261 §12.1.2). */
export class RingingPhone implements LegOwner, ResponseListener, LineUser {
  readonly attempt: Attempt;
  readonly #context: ExchangeContext;
  /** Until the phone's answer is acknowledged. */
  #listener: RingingPhoneListener | undefined;
  readonly #flows: readonly [Flow, ...Flow[]];
  readonly #line: LineInUse | undefined;
  /** Which of the flows is asked. */
  #hop = 0;
  readonly #abandoned: OutgoingRequest[] = [];
  /** Each with another tag of the phone, which may itself be a fork. */
  #legs = NO_LEGS;
  /** Until its answer is acknowledged. */
  #invite: SipRequest | undefined;
  /** Whether the INVITE made the offer. */
  readonly #offered: boolean;
  readonly #refusal: Outcome | undefined;
  readonly #needsRelay: boolean;
  #openPassage: RingingPhoneOptions['openPassage'];
  #passage: Passage | undefined;
  #policy: SessionTimerPolicy;
  #sent: OutgoingRequest | undefined;
  #answered: Leg | undefined;
  /** The leg that the relay is silent for; the relay knows it for as long as the call lasts, and no more of this. */
  readonly #talking: { leg?: Leg } = {};
  #answers: readonly Answer[] = [];
  /** The dialog that its answer made, once that is acknowledged. */
  #made: Dialog | undefined;
  #inviteCseq = 0;
  #settled = false;
  /** Whether nobody wants it to ring any more, whatever it still says. */
  #cancelled = false;
  #longerIntervals = 0;
  #challenges = 0;

  constructor(
    context: ExchangeContext,
    { attempt, flows, invite, line, refusal, needsRelay = false, openPassage }: RingingPhoneOptions,
    listener: RingingPhoneListener,
  ) {
    this.#context = context;
    this.attempt = attempt;
    this.#flows = flows;
    this.#line = line === undefined ? undefined : new LineInUse(context.timers, line, this);
    this.#invite = invite;
    this.#offered = invite.body.length > 0;
    this.#refusal = refusal;
    this.#needsRelay = needsRelay;
    this.#openPassage = openPassage;
    this.#listener = listener;
    this.#policy = context.sessionPolicy;
  }

  ring(): void {
    const refused = this.#refusal ?? this.#line?.seize() ?? this.#enterRelay();
    const invite = this.#invite;
    if (refused !== undefined || invite === undefined) {
      this.#refused(refused ?? UNREACHABLE);
      return;
    }
    passBody(this.#passage, 'caller', 'offer', invite.body, (body) => {
      if (this.#settled || this.#cancelled) return;
      if (body === undefined) this.#refused(NOT_RELAYED);
      else {
        this.#invite = { ...invite, body };
        this.#send();
      }
    });
  }

  #enterRelay(): Outcome | undefined {
    const talking = this.#talking;
    const passage = this.#openPassage?.(() => talking.leg?.owner.onLost(talking.leg));
    this.#openPassage = undefined;
    if (passage === 'full') return RELAY_FULL;
    this.#passage = passage;
    return undefined;
  }

  /** The way to another network has been silent for as long as it may. */
  onSilence(tries: boolean): void {
    if (!this.#tryNextHop()) this.#giveUp(tries ? STUCK : SILENT);
  }

  /** The other network has let it ring for as long as it may. */
  onRungOut(): void {
    this.#giveUp(RUNG_OUT);
  }

  onResponse(response: SipResponse): void {
    this.#receive(response, 0);
  }

  onTimeout(): void {
    this.#unreachable(0);
  }

  onUnreachable(): void {
    this.#unreachable(0);
  }

  cancel(reason: CancelReason): void {
    this.#cancelled = true;
    if (this.#sent !== undefined) this.#sent.cancel(cancelReasonOf(reason));
    // It waits for the relay still, and has not been asked.
    else this.#refused(CANCELLED);
  }

  /** Its answer came too late: it is acknowledged and hung up (RFC 3261 §13.2.2.4). */
  release(): void {
    this.#answered?.bye(reasonOf(ANSWERED_ELSEWHERE));
  }

  /** A phone must not end its early dialog so (RFC 3261 §15); one that does will not answer. */
  onBye(leg: Leg): void {
    leg.close();
    this.#giveUp(UNREACHABLE);
  }

  onLost(leg: Leg): void {
    leg.close();
    this.#giveUp(UNREACHABLE);
  }

  onRefer(leg: Leg, refer: IncomingRequest): void {
    this.#listener?.onRefer(leg, refer);
  }

  #send(): void {
    const invite = this.#invite;
    if (invite === undefined) return;
    const timed = { ...invite, headers: [...invite.headers, ...sessionTimerOffer(this.#policy)] };
    this.#sent = this.#context.endpoint.send(timed, this.#flow, this.#listening());
    this.#line?.asked();
  }

  /** What comes of a hop that was asked before the one whose turn it is comes too late. */
  #listening(): ResponseListener {
    const hop = this.#hop;
    if (hop === 0) return this;
    return {
      onResponse: (response) => this.#receive(response, hop),
      onTimeout: () => this.#unreachable(hop),
      onUnreachable: () => this.#unreachable(hop),
    };
  }

  get #flow(): Flow {
    return this.#flows[this.#hop] ?? this.#flows[0];
  }

  #receive(response: SipResponse, hop: number): void {
    if (hop !== this.#hop) {
      this.#receiveLate(response, hop);
      return;
    }
    this.#line?.heard(response);
    if (response.status < 200) this.#receiveProvisional(response);
    else if (response.status < 300) this.#receiveSuccess(response);
    else if (response.status === 422 && this.#tryLonger(response)) return;
    else if (this.#tryWithCredentials(response)) return;
    else if (response.status === 503 && this.#tryNextHop()) return;
    else this.#refused(this.#outcomeOf(response));
  }

  /** The reason of another network says more than its status (RFC 3326). */
  #outcomeOf(response: SipResponse): Outcome {
    const outcome = outcomeOfPhone(response.status);
    const q850Cause = this.#line === undefined ? undefined : causeIn(response);
    return q850Cause === undefined ? outcome : { ...outcome, q850Cause };
  }

  /** A hop that was given up answers after all: it is acknowledged and hung up (RFC 3261 §13.2.2.4). */
  #receiveLate(response: SipResponse, hop: number): void {
    const request = this.#abandoned[hop]?.request;
    const flow = this.#flows[hop];
    if (request === undefined || flow === undefined || response.status < 200 || response.status >= 300)
      return;
    const dialog = dialogOfUac(request, response);
    if (!dialog.ok || this.#context.legs.find(dialogKey(dialog.value)) !== undefined) return;
    const leg = this.#newLeg(dialog.value, flow);
    leg.confirm(response);
    leg.acknowledge(cseq(request).number);
    leg.bye(reasonOf(ANSWERED_ELSEWHERE));
  }

  #unreachable(hop: number): void {
    if (hop !== this.#hop || this.#tryNextHop()) return;
    this.#refused(this.#line === undefined ? UNREACHABLE : SILENT);
  }

  /** RFC 3263 §4.3: the next of the servers, where this one has failed before it said anything. */
  #tryNextHop(): boolean {
    if (this.#settled || this.#cancelled || this.#hop + 1 >= this.#flows.length) return false;
    if (this.#sent !== undefined) this.#abandoned[this.#hop] = this.#sent;
    this.#sent?.cancel();
    this.#hop += 1;
    this.#send();
    return true;
  }

  #receiveProvisional(response: SipResponse): void {
    if (response.status === 100 || this.#settled) return;
    const isNew = this.#legTagged(toTag(response)) === undefined;
    if (isNew && this.#legs.length >= MOST_EARLY_DIALOGS) return;
    const leg = this.#legFor(response);
    leg?.observe('remote', response);
    this.#passOn(response, (body = NO_BODY) => {
      const isOver = leg === undefined ? this.#settled : leg.isClosed;
      if (!isOver) this.#listener?.onProvisional(this, leg, { ...response, body });
    });
  }

  /** Passes what the phone says of its sound, as the caller is to see it. */
  #passOn(response: SipResponse, onward: (body: Uint8Array | undefined) => void): void {
    passBody(this.#passage, 'callee', this.#offered ? 'answer' : 'offer', response.body, onward);
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
    this.#line?.answered(leg);
    for (const other of this.#legs) if (other !== leg) other.close();
    leg.time(sessionTimerTerms(response, this.#policy));
    const passage = this.#passage;
    if (passage !== undefined) leg.whenClosed(() => passage.close());
    this.#passOn(response, (body) => {
      const listener = this.#listener;
      // It may have hung up while the relay thought.
      if (body === undefined || leg.isClosed || listener === undefined) {
        leg.bye(reasonOf(NOT_RELAYED));
        listener?.onRefused(this, body === undefined ? NOT_RELAYED : UNREACHABLE);
        return;
      }
      leg.owner = listener;
      this.#talking.leg = leg;
      listener.onAnswered(this, leg, { ...response, body }, passingBack(passage, acknowledge));
    });
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
    const leg = this.#newLeg(dialog.value, this.#flow);
    leg.observe('local', request);
    this.#legs = [...this.#legs.filter((other) => other !== known), leg];
    return leg;
  }

  #newLeg(dialog: Dialog, flow: Flow): Leg {
    const { party } = this.attempt;
    const line = this.#line;
    const leg = new Leg(this.#context, {
      dialog,
      flow,
      owner: this,
      ...(party.kind === 'terminal' ? { terminalId: party.terminalId } : {}),
      sessionPolicy: this.#policy,
      needsRelay: this.#needsRelay,
      ...(line === undefined
        ? {}
        : { challenged: (response, request) => line.challenged(response, request) }),
    });
    leg.passage = this.#passage;
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
    this.#send();
    return true;
  }

  /** Another network wants to know who we are (RFC 3261 §22.2). */
  #tryWithCredentials(response: SipResponse): boolean {
    const invite = this.#invite;
    if (this.#line === undefined || invite === undefined || this.#settled || this.#cancelled) return false;
    if (this.#challenges === MOST_CHALLENGES) return false;
    const again = this.#line.challenged(response, invite);
    if (again === undefined) return false;
    this.#challenges += 1;
    this.#invite = again;
    this.#send();
    return true;
  }

  /** It is not wanted any more, and counts as having refused. */
  #giveUp(outcome: Outcome): void {
    this.#cancelled = true;
    this.#sent?.cancel();
    this.#refused(outcome);
  }

  #refused(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#line?.end();
    this.#passage?.close();
    for (const leg of this.#legs) leg.close();
    this.#listener?.onRefused(this, outcome);
  }
}
