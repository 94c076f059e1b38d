import type { Clock } from '../../services/ports/index.ts';

/** How long an answer and a failure are believed. */
const ANSWER_MS = 30_000;
const FAILURE_MS = 5_000;
const MOST_REMEMBERED = 10_000;

type Remembered<Value> = { readonly value: Promise<Value>; untilMs: number };

/** Asks for the same thing once at a time, and believes the answer for a while. */
export class Remembering<Value> {
  readonly #clock: Clock;
  readonly #isFailure: (value: Value) => boolean;
  readonly #known = new Map<string, Remembered<Value>>();

  constructor(clock: Clock, isFailure: (value: Value) => boolean) {
    this.#clock = clock;
    this.#isFailure = isFailure;
  }

  get(key: string, ask: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key);
    if (known !== undefined && known.untilMs > this.#clock.nowMs()) return known.value;
    this.#known.delete(key);
    if (this.#known.size >= MOST_REMEMBERED) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    const remembered: Remembered<Value> = { value: ask(), untilMs: Number.POSITIVE_INFINITY };
    this.#known.set(key, remembered);
    remembered.value.then((value) => {
      remembered.untilMs = this.#clock.nowMs() + (this.#isFailure(value) ? FAILURE_MS : ANSWER_MS);
    });
    return remembered.value;
  }
}
