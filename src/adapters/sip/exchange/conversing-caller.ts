import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { CallerSide } from './caller-side.ts';
import type { Leg } from './leg.ts';
import { reasonOf } from './reason.ts';

/** A caller that is in its conversation already: nothing rings for it any more. */
export class ConversingCaller implements CallerSide {
  readonly #leg: Leg;

  constructor(leg: Leg) {
    this.#leg = leg;
  }

  provisional(): void {}

  answer(): void {}

  refuse(outcome: Outcome): void {
    this.hangUp(outcome);
  }

  hangUp(outcome: Outcome): void {
    this.#leg.bye(reasonOf(outcome));
  }
}
