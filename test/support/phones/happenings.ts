/** A message of a failed test is for people. */
const LONGEST_ACCOUNT = 2000;

/**
 * Things that happened, and who waits for them. What happened before anybody waited is kept, so that no
 * event is missed between two lines of a test.
 */
export class Happenings<Event> {
  readonly #unseen: Event[] = [];
  readonly #all: Event[] = [];
  readonly #waiting = new Set<{ matches: (event: Event) => boolean; found: (event: Event) => void }>();

  /** Everything that has happened, for the message of a test that failed. */
  get all(): readonly Event[] {
    return this.#all;
  }

  add(event: Event): void {
    this.#all.push(event);
    for (const waiter of this.#waiting) {
      if (!waiter.matches(event)) continue;
      this.#waiting.delete(waiter);
      waiter.found(event);
      return;
    }
    this.#unseen.push(event);
  }

  /** The next event that matches, seen by nobody else; rejects when it does not come in time. */
  next(what: string, matches: (event: Event) => boolean, timeoutMs: number): Promise<Event> {
    const at = this.#unseen.findIndex(matches);
    const seen = this.#unseen[at];
    if (seen !== undefined) {
      this.#unseen.splice(at, 1);
      return Promise.resolve(seen);
    }
    return new Promise((resolve, reject) => {
      const found = (event: Event) => {
        clearTimeout(timer);
        resolve(event);
      };
      const waiter = { matches, found };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        const came = JSON.stringify(this.#all).slice(-LONGEST_ACCOUNT);
        reject(new Error(`${what} did not come within ${timeoutMs} ms; what came: ${came}`));
      }, timeoutMs);
      this.#waiting.add(waiter);
    });
  }
}
