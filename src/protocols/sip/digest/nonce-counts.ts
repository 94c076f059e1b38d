/** How far behind the highest count a count may come: requests overtake each other on UDP. */
const WINDOW = 32;

/** More than any count a client can send, which has 32 bits: nothing is above it. */
const USED_UP = 0xffff_ffff;

/**
 * Which counts of which nonces were used (RFC 7616 §3.4.5), so that no answer serves twice. It takes eight bytes a
 * nonce in a ring of fixed size: under a flood of challenges nonces grow old sooner, and memory does not grow.
 */
export class NonceCounts {
  readonly #capacity: number;
  readonly #highest: Uint32Array;
  /** Bit n says that the count n below the highest was used. */
  readonly #used: Uint32Array;
  #next = 1;

  /** @param capacity how many nonces are remembered */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#highest = new Uint32Array(capacity);
    this.#used = new Uint32Array(capacity);
  }

  /** The serial of a new nonce; it takes the place of the oldest. */
  issue(): number {
    const serial = this.#next;
    this.#next += 1;
    const slot = serial % this.#capacity;
    this.#highest[slot] = 0;
    this.#used[slot] = 1;
    return serial;
  }

  /**
   * Uses a count of a nonce that this ring issued, or the whole nonce where the answer has no count.
   * @returns false where that count was used before, or may have been
   */
  use(serial: number, count: number | undefined): boolean {
    if (serial >= this.#next || serial <= this.#next - 1 - this.#capacity) return false;
    const slot = serial % this.#capacity;
    const highest = this.#highest[slot] ?? USED_UP;
    if (count === undefined) {
      this.#highest[slot] = USED_UP;
      this.#used[slot] = USED_UP;
      return highest === 0;
    }
    return count > highest ? this.#advance(slot, count - highest, count) : this.#fill(slot, highest - count);
  }

  #advance(slot: number, distance: number, count: number): boolean {
    const used = this.#used[slot] ?? 0;
    this.#highest[slot] = count;
    this.#used[slot] = distance < WINDOW ? (used << distance) | 1 : 1;
    return true;
  }

  #fill(slot: number, behind: number): boolean {
    if (behind >= WINDOW) return false;
    const used = this.#used[slot] ?? 0;
    const bit = 1 << behind;
    if ((used & bit) !== 0) return false;
    this.#used[slot] = used | bit;
    return true;
  }
}
