/** Where heard sound goes, 8 000 samples a second. */
export type SoundSink = { write(samples: Int16Array): void };

/** What was heard, in memory. Beyond `mostSamples` nothing is kept, so that a forgotten call does not fill it. */
export class Recording implements SoundSink {
  #samples = new Int16Array(8_000);
  #length = 0;
  readonly #mostSamples: number;

  /** @param mostSamples 15 minutes unless told otherwise */
  constructor(mostSamples = 15 * 60 * 8_000) {
    this.#mostSamples = mostSamples;
  }

  write(samples: Int16Array): void {
    const kept = samples.subarray(0, this.#mostSamples - this.#length);
    const needed = this.#length + kept.length;
    if (needed > this.#samples.length) {
      const larger = new Int16Array(Math.max(needed, 2 * this.#samples.length));
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(kept, this.#length);
    this.#length = needed;
  }

  /** All that was heard so far; later sound does not change it. */
  samples(): Int16Array {
    return this.#samples.slice(0, this.#length);
  }
}
