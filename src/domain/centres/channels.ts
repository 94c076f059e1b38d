/** The calls a trunk carries, up to what it takes. */
export class Channels {
  #inUse = 0;

  get inUse(): number {
    return this.#inUse;
  }

  /**
   * Takes one.
   * @param limit how many there are at this moment; what is taken stays taken where the limit is lowered
   * @returns what gives it back, once however often it is called; undefined where none is free
   */
  take(limit: number): (() => void) | undefined {
    if (this.#inUse >= limit) return undefined;
    this.#inUse += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#inUse -= 1;
    };
  }
}
