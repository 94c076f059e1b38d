import {
  type ChargeTerms,
  continuedTerms,
  type MeterRefusal,
} from '../../../domain/billing/charging/index.ts';
import { memberAccount } from '../../../domain/billing/ledger/index.ts';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type CallSide,
  chargesOfSide,
  type Outcome,
  stepCall,
} from '../../../domain/exchange/call/index.ts';
import { outcomeOfRefusal } from '../../../domain/exchange/index.ts';
import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import { CallMeter, type CallMeterListener } from '../../../services/meter-call.ts';
import type { RelayStatistics, StopTimer } from '../../../services/ports/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { CallerSide } from './caller-side.ts';
import type { ExchangeContext } from './context.ts';
import { ConversingCaller } from './conversing-caller.ts';
import type { Leg } from './leg.ts';
import { reasonOf } from './reason.ts';
import type { RingingPhoneListener } from './ringing-phone.ts';
import type { Ringing } from './screened-phone.ts';

/** Whoever started the call and keeps its record. */
export type CallKeeper = {
  /**
   * The call has something new that its record has to show.
   * @param onKept called once, when that could not be lost any more
   * @param media what went through the relay, where the call has ended
   */
  onKeep(call: Call, onKept: () => void, media?: RelayStatistics): void;
  onRefer(call: CarriedCall, leg: Leg, refer: IncomingRequest): void;
};

/** How long an answer waits for its record. */
const KEPT_WITHIN_MS = 300;

/** Q.850 cause 27: destination out of order, for a phone that is gone without a word. */
const PHONE_LOST: Outcome = { sipStatus: 408, q850Cause: 27 };

/** What the end of credit is called where a call is refused or cut for it. */
const REFUSALS = {
  credit: 'credit-exceeded',
  'day-limit': 'daily-limit-reached',
  unanswered: 'charging-unavailable',
} as const satisfies Readonly<Record<MeterRefusal, string>>;

/** How long a leg that came out of another call waits until that one's credit is free. */
const KEPT_CREDIT_FREED_MS = 2_000;

/** Shared by the calls that ring no more. */
const NO_TIMERS: StopTimer[] = [];

/** A call on its way between phones: the value that decides, and the legs that it decides about. */
export class CarriedCall implements RingingPhoneListener {
  readonly #context: ExchangeContext;
  readonly #keeper: CallKeeper;
  readonly #phones = new Map<string, Ringing>();
  #call: Call;
  #caller: CallerSide | undefined;
  #callee: Leg | undefined;
  #answer: { readonly response: SipResponse; acknowledge(parts?: RequestParts): void } | undefined;
  #stopRingTimer: StopTimer | undefined;
  /** The timers of the branches that begin later. */
  #timers: StopTimer[] = [];
  /** The credit of the branches that cost something, by their ids; most calls have none. */
  #meters: Map<string, CallMeter> | undefined;
  /** What happened while something else was being done. */
  #happenings: CallEvent[] | undefined;

  constructor(context: ExchangeContext, keeper: CallKeeper, call: Call) {
    this.#context = context;
    this.#keeper = keeper;
    this.#call = call;
  }

  get call(): Call {
    return this.#call;
  }

  /** The phone that answered. */
  get callee(): Leg | undefined {
    return this.#callee;
  }

  /** Performs the first effects, now that everyone who has a part in them is known. */
  begin(caller: CallerSide, phones: readonly Ringing[], effects: readonly CallEffect[]): void {
    this.#caller = caller;
    for (const phone of phones) this.#phones.set(phone.attempt.id, phone);
    this.#performInTurn(effects);
  }

  /** Tells the call what happened, and does what follows; what happens meanwhile comes after it. */
  happened(event: CallEvent): void {
    if (this.#happenings === undefined) this.#step(event);
    else this.#happenings.push(event);
  }

  /** Another phone takes the place of one of this call's, as after a transfer. */
  replace(leg: Leg, by: Leg): void {
    if (leg === this.#callee) this.#callee = by;
    else this.#caller = new ConversingCaller(by);
    by.owner = this;
  }

  /** The side a leg is on. */
  sideOf(leg: Leg): CallSide {
    return leg === this.#callee ? 'callee' : 'caller';
  }

  onProvisional(phone: Pick<Ringing, 'attempt'>, leg: Leg | undefined, response: SipResponse): void {
    if (this.#call.phase !== 'offering') return;
    if (response.status === 180) this.happened({ kind: 'ringing', attemptId: phone.attempt.id });
    this.#caller?.provisional(leg, response);
  }

  onAnswered(
    phone: Pick<Ringing, 'attempt'>,
    leg: Leg,
    response: SipResponse,
    acknowledge: (parts?: RequestParts) => void,
  ): void {
    if (this.#call.phase === 'offering') {
      this.#callee = leg;
      this.#answer = { response, acknowledge };
    }
    this.happened({ kind: 'answered', attemptId: phone.attempt.id });
  }

  onRefused(phone: Pick<Ringing, 'attempt'>, outcome: Outcome): void {
    this.happened({ kind: 'refused', attemptId: phone.attempt.id, outcome });
    this.#phones.delete(phone.attempt.id);
  }

  onBye(leg: Leg): void {
    leg.close();
    // Only the caller's early dialogs are ours: it may end them with BYE as well (RFC 3261 §15), which is giving up.
    if (this.#call.phase === 'offering') this.happened({ kind: 'caller-gave-up' });
    else this.happened({ kind: 'hung-up', by: this.sideOf(leg) });
  }

  onLost(leg: Leg): void {
    leg.bye(reasonOf(PHONE_LOST));
    if (this.#call.phase === 'offering') this.happened({ kind: 'caller-gave-up' });
    else this.happened({ kind: 'hung-up', by: this.sideOf(leg), outcome: PHONE_LOST });
  }

  onRefer(leg: Leg, refer: IncomingRequest): void {
    this.#keeper.onRefer(this, leg, refer);
  }

  #step(event: CallEvent): void {
    const [call, effects] = stepCall(this.#call, event, this.#context.clock.nowMs());
    this.#call = call;
    if (effects.length > 0) this.#performInTurn(effects);
  }

  /** A line that has no channel refuses at once, while the offer to it is still being made. */
  #performInTurn(effects: readonly CallEffect[]): void {
    const happenings: CallEvent[] = [];
    this.#happenings = happenings;
    for (const effect of effects) this.#perform(effect);
    this.#happenings = undefined;
    for (const event of happenings) this.happened(event);
  }

  #perform(effect: CallEffect): void {
    switch (effect.kind) {
      case 'offer':
        this.#phones.get(effect.attempt.id)?.ring();
        break;
      case 'cancel':
        this.#phones.get(effect.attemptId)?.cancel(effect.reason);
        break;
      case 'release':
        this.#phones.get(effect.attemptId)?.release();
        this.#phones.delete(effect.attemptId);
        break;
      case 'answer-caller':
        this.#answerOnceKept();
        // A conversation may last for hours, and needs nothing any more of what rang.
        this.#phones.delete(effect.attemptId);
        break;
      case 'refuse-caller':
        this.#caller?.refuse(effect.outcome);
        break;
      case 'hang-up':
        if (effect.side === 'caller') this.#caller?.hangUp(effect.outcome);
        else this.#callee?.bye(reasonOf(effect.outcome));
        break;
      case 'reserve':
        this.#reserve(effect.branchId, effect.terms);
        break;
      case 'announce':
        this.#announce(effect.branchId, effect.terms);
        break;
      case 'start-meter':
        this.#meters?.get(effect.branchId)?.answered();
        break;
      case 'meter-kept':
        this.#meterLater(effect.terms);
        break;
      case 'free-credit':
        this.#meters?.get(effect.branchId)?.ended();
        this.#meters?.delete(effect.branchId);
        break;
      case 'start-ring-timer':
        this.#stopRingTimer?.();
        this.#stopRingTimer = this.#startTimer(this.#context.ringTimeoutMs, { kind: 'ring-timer' });
        break;
      case 'hold-ring-timer':
        this.#stopRingTimer?.();
        break;
      case 'start-branch-timer':
        this.#timers.push(
          this.#startTimer(effect.delayMs, { kind: 'branch-due', branchId: effect.branchId }),
        );
        break;
      case 'stop-ring-timer':
        this.#stopTimers();
        break;
      case 'keep-record':
        this.#keep();
        break;
    }
  }

  /** With what the relay counted, where the sound went through it and the call has ended. */
  #keep(): void {
    const call = this.#call;
    if (call.phase === 'ended') {
      for (const meter of this.#meters?.values() ?? []) meter.ended();
      this.#stopTimers();
    }
    const media = call.phase === 'ended' ? this.#callee?.passage?.statistics() : undefined;
    if (media instanceof Promise) media.then((counted) => this.#keeper.onKeep(call, () => {}, counted));
    else this.#keeper.onKeep(call, () => {}, media);
  }

  /** What a phone is charged by that this call has ended for, as it takes it along into another one. */
  chargesTaken(leg: Leg): readonly ChargeTerms[] {
    const call = this.#call;
    if (call.phase !== 'ended' || call.answeredAtMs === undefined) return [];
    const { answeredAtMs, endedAtMs, facts } = call;
    return chargesOfSide(call, this.sideOf(leg)).map((terms) =>
      continuedTerms(terms, { id: facts.id, answeredAtMs }, endedAtMs),
    );
  }

  #reserve(branchId: string, terms: ChargeTerms): void {
    this.#meter(branchId, terms, {
      onCredit: () => this.happened({ kind: 'credit-reserved', branchId }),
      onRefused: (why) => {
        this.happened({ kind: 'credit-refused', branchId, outcome: outcomeOfRefusal(REFUSALS[why]) });
      },
    });
  }

  /** Nothing is held up where nobody listens. */
  #announce(branchId: string, { rate }: ChargeTerms): void {
    const onSaid = () => this.happened({ kind: 'price-announced', branchId });
    if (this.#caller?.announce === undefined) onSaid();
    else this.#caller.announce(rate, onSaid);
  }

  /** The call that the leg comes from frees first what it kept back, so that its credit is not wanted twice. */
  #meterLater(terms: ChargeTerms): void {
    const stop = this.#context.timers.start(KEPT_CREDIT_FREED_MS, () => {
      if (this.#call.phase !== 'answered') return;
      const cut = (why: MeterRefusal) => this.#cut(why);
      const onCredit = () => this.#meters?.get(terms.leg)?.answered();
      this.#meter(terms.leg, terms, { onCredit, onRefused: cut });
    });
    this.#timers = [...this.#timers, stop];
  }

  /** Q.850 cause 21: call rejected, though it was answered. */
  #cut(why: MeterRefusal): void {
    const outcome = { sipStatus: 200, q850Cause: 21, refusal: REFUSALS[why] };
    this.happened({ kind: 'hung-up', by: 'exchange', outcome });
  }

  #meter(
    name: string,
    terms: ChargeTerms,
    { onCredit, onRefused }: Pick<CallMeterListener, 'onCredit' | 'onRefused'>,
  ): void {
    const { chargeDesk: desk, clock, timers } = this.#context;
    if (desk === undefined) {
      onRefused('unanswered');
      return;
    }
    this.#meters ??= new Map();
    const meter = new CallMeter({ desk, clock, timers }, this.#call.facts.id, terms, {
      onCredit,
      onRefused,
      onWarning: () => this.#callee?.passage?.beep(this.#payerOf(terms)),
      onCut: (why) => this.#cut(why),
    });
    this.#meters.set(name, meter);
  }

  /** On which side of the call is who pays for it. */
  #payerOf({ account }: ChargeTerms): CallSide {
    const { callerMemberId } = this.#call.facts;
    return callerMemberId !== undefined && account === memberAccount(callerMemberId) ? 'caller' : 'callee';
  }

  #startTimer(afterMs: number, event: CallEvent): StopTimer {
    return this.#context.timers.start(afterMs, () => this.happened(event));
  }

  #stopTimers(): void {
    this.#stopRingTimer?.();
    this.#stopRingTimer = undefined;
    for (const stop of this.#timers) stop();
    this.#timers = NO_TIMERS;
  }

  /**
   * The caller hears of the answer when its record is kept, so that no call is ever talked on which a crash could
   * forget; but a database that is away holds nobody up for longer than people notice.
   */
  #answerOnceKept(): void {
    let isOpen = true;
    const answer = () => {
      if (!isOpen) return;
      isOpen = false;
      stopWaiting();
      this.#answerCaller();
    };
    const stopWaiting = this.#context.timers.start(KEPT_WITHIN_MS, answer);
    this.#keeper.onKeep(this.#call, answer);
  }

  /** The callee may have hung up meanwhile: then the caller was refused. */
  #answerCaller(): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (this.#callee === undefined || answer === undefined || this.#call.phase !== 'answered') return;
    this.#caller?.answer(this.#callee, answer.response, answer.acknowledge);
  }
}
