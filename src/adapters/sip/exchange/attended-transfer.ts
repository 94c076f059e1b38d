import type { CallSide, Outcome } from '../../../domain/exchange/call/index.ts';
import { responseTo } from '../../../protocols/sip/message/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { join } from './join.ts';
import type { Leg } from './leg.ts';
import type { LegOwner } from './leg-owner.ts';
import { reasonOf } from './reason.ts';
import type { ReferProgress } from './refer-progress.ts';
import { returnTo } from './return-to.ts';

/** Normal clearing. */
const DONE: Outcome = { sipStatus: 200, q850Cause: 16 };
const NOT_JOINED: Outcome = { sipStatus: 488, q850Cause: 31 };

export type AttendedTransferParts = {
  /** The conversation the transfer was asked in, and its two phones. */
  readonly first: CarriedCall;
  readonly transferrer: Leg;
  readonly partner: Leg;
  /** The other conversation of the transferring phone: its leg there, and the phone it talks to. */
  readonly second: CarriedCall;
  readonly replaced: Leg;
  readonly third: Leg;
};

/**
 * The partner takes the place of the transferring phone in its second conversation (RFC 3891 §1). Until both phones
 * have agreed, the second conversation lives on though the transferring phone may leave it already, and either phone
 * may still hang up.
 */
export class AttendedTransfer implements LegOwner {
  readonly #context: ExchangeContext;
  readonly #parts: AttendedTransferParts;
  readonly #progress: ReferProgress;
  readonly #firstSide: CallSide;
  readonly #secondSide: CallSide;

  constructor(context: ExchangeContext, parts: AttendedTransferParts, progress: ReferProgress) {
    this.#context = context;
    this.#parts = parts;
    this.#progress = progress;
    this.#firstSide = parts.first.sideOf(parts.transferrer);
    this.#secondSide = parts.second.sideOf(parts.replaced);
  }

  begin(): void {
    const { partner, replaced, third } = this.#parts;
    for (const leg of [partner, replaced, third]) leg.owner = this;
    join(this.#context, third, partner, {
      done: () => this.#done(),
      failed: (status, tookOffer) => this.#failed(status, tookOffer),
    });
  }

  onBye(leg: Leg): void {
    leg.close();
    this.#left(leg);
  }

  onLost(leg: Leg): void {
    leg.bye(reasonOf(NOT_JOINED));
    this.#left(leg);
  }

  /** One transfer at a time. */
  onRefer(_leg: Leg, { request, respond }: IncomingRequest): void {
    respond(responseTo(request, 491));
  }

  #left(leg: Leg): void {
    const { first, partner, second, third } = this.#parts;
    if (leg === partner) first.happened({ kind: 'hung-up', by: first.sideOf(partner) });
    else if (leg === third) second.happened({ kind: 'hung-up', by: second.sideOf(third) });
  }

  #done(): void {
    const { first, transferrer, partner, second, replaced, third } = this.#parts;
    transferrer.peer = undefined;
    replaced.peer = undefined;
    third.owner = second;
    second.replace(replaced, partner);
    this.#progress.tell(200);
    first.happened({ kind: 'transfer-done', by: this.#firstSide });
    const kept = { side: this.#secondSide, charges: first.chargesTaken(partner) };
    second.happened({ kind: 'leg-kept', leg: kept });
    replaced.bye(reasonOf(DONE));
  }

  #failed(status: number, tookOffer: boolean): void {
    const { first, partner, second, replaced, third } = this.#parts;
    for (const leg of [third, replaced]) if (!leg.isClosed) leg.owner = second;
    this.#progress.tell(status);
    if (replaced.isClosed) second.happened({ kind: 'hung-up', by: this.#secondSide });
    returnTo(this.#context, first, partner, { outcome: NOT_JOINED, tookOffer });
  }
}
