import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { CallerSide } from './caller-side.ts';
import type { CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { joinWithOffer } from './join.ts';
import type { Leg } from './leg.ts';
import type { LegOwner } from './leg-owner.ts';
import { reasonOf } from './reason.ts';
import type { ReferProgress } from './refer-progress.ts';
import { returnTo } from './return-to.ts';

/** Q.850 cause 31, for a phone that does not take the new session. */
const NOT_JOINED: Outcome = { sipStatus: 488, q850Cause: 31 };

/**
 * A phone in a conversation that is being sent elsewhere (RFC 3515): to its old call it is a partner still, to its
 * new call it is the caller. Whatever happens first decides which of the two it stays with.
 *
 *      waiting --- a phone answers ---> joining --- it takes the new session ---> joined
 *         |                                |
 *         +--- nobody does                 +--- it does not, or the new phone is gone
 *         v                                v
 *      back with its old call, or hung up where that has ended
 */
export class TransferredCaller implements CallerSide, LegOwner {
  readonly #context: ExchangeContext;
  readonly #leg: Leg;
  readonly #old: CarriedCall;
  readonly #new: CarriedCall;
  readonly #progress: ReferProgress;
  #state: 'waiting' | 'joining' | 'joined' | 'back' = 'waiting';

  constructor(
    context: ExchangeContext,
    leg: Leg,
    calls: { readonly old: CarriedCall; readonly new: CarriedCall },
    progress: ReferProgress,
  ) {
    this.#context = context;
    this.#leg = leg;
    this.#old = calls.old;
    this.#new = calls.new;
    this.#progress = progress;
    leg.owner = this;
  }

  provisional(_callee: Leg | undefined, response: SipResponse): void {
    this.#progress.tell(response.status);
  }

  answer(callee: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void {
    const transferrer = this.#leg.peer;
    this.#state = 'joining';
    const { passage } = callee;
    const offering = { leg: callee, response, acknowledge, acknowledgeAsBefore: acknowledge, passage };
    joinWithOffer(this.#context, offering, this.#leg, {
      done: () => {
        this.#state = 'joined';
        if (transferrer?.peer === this.#leg) transferrer.peer = undefined;
        this.#leg.owner = this.#new;
        this.#progress.tell(200);
        this.#old.happened({ kind: 'transfer-done', by: this.#transferrerSide() });
        const charges = this.#old.chargesTaken(this.#leg);
        this.#new.happened({ kind: 'leg-kept', leg: { side: 'caller', charges } });
      },
      failed: (status, tookOffer) => {
        this.#goBack(status, NOT_JOINED, tookOffer);
        this.#new.happened({ kind: 'hung-up', by: 'exchange', outcome: NOT_JOINED });
      },
    });
  }

  refuse(outcome: Outcome): void {
    this.#goBack(outcome.sipStatus, outcome, false);
  }

  /** While it joins, it is told to go back when what it was invited to has come to an end. */
  hangUp(outcome: Outcome): void {
    if (this.#state === 'joined') this.#leg.bye(reasonOf(outcome));
  }

  onBye(leg: Leg): void {
    leg.close();
    this.#left();
  }

  onLost(leg: Leg): void {
    leg.bye(reasonOf(NOT_JOINED));
    this.#left();
  }

  onRefer(_leg: Leg, refer: IncomingRequest): void {
    this.#old.onRefer(this.#leg, refer);
  }

  /** The transferred phone hung up: neither call has it any more. */
  #left(): void {
    const side = this.#transferrerSide() === 'caller' ? 'callee' : 'caller';
    this.#old.happened({ kind: 'hung-up', by: side });
    if (this.#new.call.phase === 'offering') this.#new.happened({ kind: 'caller-gave-up' });
    else this.#new.happened({ kind: 'hung-up', by: 'caller' });
  }

  #goBack(status: number, outcome: Outcome, tookOffer: boolean): void {
    if (this.#state === 'back') return;
    this.#state = 'back';
    this.#progress.tell(status >= 300 ? status : 480);
    returnTo(this.#context, this.#old, this.#leg, { outcome, tookOffer });
  }

  #transferrerSide(): 'caller' | 'callee' {
    return this.#old.sideOf(this.#leg) === 'caller' ? 'callee' : 'caller';
  }
}
