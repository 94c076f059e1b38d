type Event = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** Time that passes only when a test says so: events run in order of their time, equal ones as they were set. */
export class VirtualClock {
  #nowMs = 0;
  #order = 0;
  #events: Event[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  /** How many timers are running. */
  get waiting(): number {
    return this.#events.length;
  }

  /** Sets an event and returns what takes it back. */
  schedule(afterMs: number, run: () => void): () => void {
    const event: Event = { atMs: this.#nowMs + afterMs, order: this.#order++, run };
    this.#events.push(event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  /** Lets time pass until nothing is left to happen, or until `untilMs`. */
  run(untilMs = Number.POSITIVE_INFINITY): void {
    for (let next = this.#next(); next !== undefined && next.atMs <= untilMs; next = this.#next()) {
      this.#events.splice(this.#events.indexOf(next), 1);
      this.#nowMs = next.atMs;
      next.run();
    }
    if (untilMs !== Number.POSITIVE_INFINITY) this.#nowMs = untilMs;
  }

  #next(): Event | undefined {
    const soonest = (one: Event, other: Event) =>
      other.atMs < one.atMs || (other.atMs === one.atMs && other.order < one.order) ? other : one;
    return this.#events.length === 0 ? undefined : this.#events.reduce(soonest);
  }
}
