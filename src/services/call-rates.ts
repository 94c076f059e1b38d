const MINUTE_MS = 60_000;

/**
 * How many calls that cost something each member begins, minute by minute (R23): what a stolen password does first is to
 * call without pause. Each process counts for itself.
 */
export class CallRates {
  readonly #begun = new Map<string, number>();
  #minute = 0;

  /** Counts a call. @returns false where it is one too many */
  begin(memberId: string, mostPerMinute: number | undefined, nowMs: number): boolean {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute) this.#begun.clear();
    this.#minute = minute;
    const begun = (this.#begun.get(memberId) ?? 0) + 1;
    this.#begun.set(memberId, begun);
    return mostPerMinute === undefined || begun <= mostPerMinute;
  }
}
