/** Shared by the many legs in which nothing is under way. */
const NOTHING: readonly (() => void)[] = [];

/** What is under way in a dialog, in either direction, and is to come to an end with it. */
export class UnderWay {
  #ends = NOTHING;

  /** @param end what is to be done when the dialog ends before. @returns what takes it back */
  add(end: () => void): () => void {
    this.#ends = [...this.#ends, end];
    return () => {
      this.#ends = this.#ends.filter((other) => other !== end);
    };
  }

  endAll(): void {
    const ends = this.#ends;
    this.#ends = NOTHING;
    for (const end of ends) end();
  }
}
