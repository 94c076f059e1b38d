import { printMoney } from '../../src/domain/billing/index.ts';
import type { Order } from '../../src/domain/market/index.ts';
import type { Result } from '../../src/domain/refusal/index.ts';
import type { PaymentOutcome } from '../../src/services/receive-payment.ts';
import type { ServiceWorld } from './service-world.ts';

/** What happened in a sale, as a text that a person can read: hours and minutes, who said what, and the answer. */
export class Ladder {
  readonly #world: ServiceWorld;
  readonly #startMs: number;
  #text = '\n';

  constructor(world: ServiceWorld) {
    this.#world = world;
    this.#startMs = world.clock.nowMs();
    world.bus.subscribe((change) => {
      if (change.kind === 'number-assigned')
        this.#line('exchange <<', `${change.number.digits} is in service`);
      if (change.kind === 'number-released') this.#line('exchange <<', `${change.digits} is out of service`);
    });
  }

  get text(): string {
    return this.#text;
  }

  /** Somebody asks, and the answer is told in the test's own words. */
  async ask<Answer>(
    who: string,
    what: string,
    request: () => Promise<Answer>,
    words: (answer: Answer) => string,
  ): Promise<Answer> {
    this.#text += `${this.#time(this.#world.clock.nowMs()).padStart(5)} ${who.padEnd(8)} -> ${what}\n`;
    const answer = await request();
    this.#line('provider <-', words(answer));
    return answer;
  }

  /** Somebody asks for something that ends in an order. */
  order<Kept extends Order>(
    who: string,
    what: string,
    request: () => Promise<Result<Kept>>,
  ): Promise<Result<Kept>> {
    return this.ask(who, what, request, (answer) => {
      if (!answer.ok) return `refused: ${answer.refusal.code}`;
      const order: Order = answer.value;
      if (order.state !== 'approved') return order.state;
      return `approved at ${printMoney(order.price)}, held until ${this.#time(order.heldUntilMs)}`;
    });
  }

  /** The operator notes a deposit. */
  payment(what: string, request: () => Promise<Result<PaymentOutcome>>): Promise<Result<PaymentOutcome>> {
    return this.ask('operator', what, request, (answer) => {
      if (!answer.ok) return `refused: ${answer.refusal.code}`;
      return `${(answer.value.order ?? answer.value.bill)?.state}, payment ${answer.value.payment.disposition}`;
    });
  }

  #line(who: string, what: string): void {
    this.#text += `      ${who} ${what}\n`;
  }

  #time(ms: number): string {
    const minutes = Math.floor((ms - this.#startMs) / 60_000);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  }
}
