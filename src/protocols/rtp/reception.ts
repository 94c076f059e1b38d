/** A sender whose numbers jump farther ahead has begun anew (RFC 3550 §A.1, MAX_DROPOUT). */
const MOST_DROPPED = 3_000;
/** A packet that is late by no more is late, and nothing else (RFC 3550 §A.1, MAX_MISORDER). */
const MOST_MISORDERED = 100;
/** A difference of clocks that no network makes: the sender's clock was set anew. */
const LARGEST_DIFFERENCE_MS = 10_000;

/**
 * Counts what of a stream of RTP arrived. It is told the fields of each packet and changes in place, as the one
 * exception among values: it is asked to for every packet of every relayed call.
 */
export class Reception {
  #ssrc = -1;
  #highest = 0;
  /** Of the present sender since it began: numbers passed, and packets that came. */
  #expected = 0;
  #received = 0;
  #lostBefore = 0;
  #timestamp = 0;
  #arrivalMs = 0;
  #jitterMs = 0;

  /**
   * @param sequence 16 bits
   * @param timestamp 32 bits, in units of the clock rate
   * @param arrivalMs of a clock that never jumps
   * @param clockRate in Hz
   */
  take(ssrc: number, sequence: number, timestamp: number, arrivalMs: number, clockRate: number): void {
    const ahead = (sequence - this.#highest) & 0xffff;
    const isLate = ahead === 0 || ahead >= 0x10000 - MOST_MISORDERED;
    if (ssrc !== this.#ssrc || (ahead >= MOST_DROPPED && !isLate)) {
      this.#begin(ssrc, sequence, timestamp, arrivalMs);
      return;
    }
    this.#received += 1;
    if (!isLate) {
      this.#expected += ahead;
      this.#highest = sequence;
    }
    this.#takeTime(timestamp, arrivalMs, clockRate);
  }

  /** Of the sender that was heard last; undefined where none was. */
  get ssrc(): number | undefined {
    return this.#ssrc === -1 ? undefined : this.#ssrc;
  }

  /** Packets that never came (RFC 3550 §A.3); where more came than were sent, as duplicates do, none is lost. */
  get lost(): number {
    return this.#lostBefore + Math.max(0, this.#expected - this.#received);
  }

  /** RFC 3550 §A.8. */
  get jitterMs(): number {
    return this.#jitterMs;
  }

  #begin(ssrc: number, sequence: number, timestamp: number, arrivalMs: number): void {
    this.#lostBefore = this.lost;
    this.#ssrc = ssrc;
    this.#highest = sequence;
    this.#expected = 1;
    this.#received = 1;
    this.#timestamp = timestamp;
    this.#arrivalMs = arrivalMs;
  }

  /** All packets of one key have the timestamp of the first (RFC 4733 §2.5.1.2), and say nothing of the network. */
  #takeTime(timestamp: number, arrivalMs: number, clockRate: number): void {
    if (timestamp === this.#timestamp) return;
    const sentMs = (((timestamp - this.#timestamp) | 0) * 1000) / clockRate;
    const difference = Math.abs(arrivalMs - this.#arrivalMs - sentMs);
    this.#timestamp = timestamp;
    this.#arrivalMs = arrivalMs;
    if (difference < LARGEST_DIFFERENCE_MS) this.#jitterMs += (difference - this.#jitterMs) / 16;
  }
}
