import { accept, type Result, refuse } from '../../../src/domain/refusal/index.ts';
import type {
  MediaRelay,
  MediaRelays,
  RelaySide,
  RelayStatistics,
} from '../../../src/services/ports/index.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** What no relay can make sense of. */
export const NOT_RELAYABLE = 'nothing that a relay could read';

const NO_STREAM = { packets: 0, bytes: 0, refused: 0 };
const NO_STATISTICS: RelayStatistics = { fromCaller: NO_STREAM, fromCallee: NO_STREAM };

/**
 * Relays that carry no sound, and write into each description which of them it passed, and from which side:
 * `offer of alice via 1 caller`. They remember what they were asked.
 */
export class FakeRelays implements MediaRelays {
  readonly opened: FakeRelay[] = [];
  /** All that was passed, in order: `1 caller offer: offer of alice`. */
  readonly passed: string[] = [];
  /** What none should ever be asked: something after its end, or to pass what has passed one already. */
  readonly faults: string[] = [];
  /** To whom was beeped, in order: `1 caller`. */
  readonly beeps: string[] = [];
  isFull = false;
  /** How long one in another process takes; without, the answer is there at once. */
  answersAfterMs: number | undefined;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock, answersAfterMs: number | undefined) {
    this.#clock = clock;
    this.answersAfterMs = answersAfterMs;
  }

  /** The numbers of those that were not closed. */
  get left(): number[] {
    return this.opened.filter(({ isClosed }) => !isClosed).map(({ number }) => number);
  }

  open({ onSilence }: Parameters<MediaRelays['open']>[0]): MediaRelay | undefined {
    if (this.isFull) return undefined;
    const relay = new FakeRelay(this, this.opened.length + 1, onSilence);
    this.opened.push(relay);
    return relay;
  }

  /** What a relay of either kind says. */
  inTime<Value>(value: Value): Value | Promise<Value> {
    if (this.answersAfterMs === undefined) return value;
    const later = new Later<Value>();
    this.#clock.schedule(this.answersAfterMs, () => later.settle(value));
    return later;
  }

  async close(): Promise<void> {}
}

class FakeRelay implements MediaRelay {
  readonly number: number;
  /** Nothing was heard through it for too long. */
  readonly silence: () => void;
  isClosed = false;
  readonly #relays: FakeRelays;

  constructor(relays: FakeRelays, number: number, silence: () => void) {
    this.#relays = relays;
    this.number = number;
    this.silence = silence;
  }

  offer(from: RelaySide, sdp: string): Result<string> | Promise<Result<string>> {
    return this.#pass(from, 'offer', sdp);
  }

  answer(from: RelaySide, sdp: string): Result<string> | Promise<Result<string>> {
    return this.#pass(from, 'answer', sdp);
  }

  statistics(): RelayStatistics | Promise<RelayStatistics> {
    return this.#relays.inTime(NO_STATISTICS);
  }

  beep(to: RelaySide): void {
    this.#relays.beeps.push(`${this.number} ${to}`);
  }

  close(): void {
    this.isClosed = true;
  }

  #pass(from: RelaySide, role: string, sdp: string): Result<string> | Promise<Result<string>> {
    const asked = `${this.number} ${from} ${role}: ${sdp}`;
    this.#relays.passed.push(asked);
    if (this.isClosed || sdp.includes(' via ')) this.#relays.faults.push(asked);
    return this.#relays.inTime(
      sdp === NOT_RELAYABLE
        ? refuse('media-not-relayed', 'The description cannot be read.')
        : accept(`${sdp} via ${this.number} ${from}`),
    );
  }
}

/** A promise that is kept when the virtual clock says so, and tells at once: the world around it knows no other time. */
class Later<Value> extends Promise<Value> {
  readonly #waiting: ((value: Value) => unknown)[] = [];

  constructor() {
    super(() => {});
  }

  settle(value: Value): void {
    for (const tell of this.#waiting) tell(value);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  override then<Told = Value, Failed = never>(
    onKept?: ((value: Value) => Told | PromiseLike<Told>) | null,
  ): Promise<Told | Failed> {
    if (onKept) this.#waiting.push(onKept);
    return new Promise(() => {});
  }
}
