import type { Clock, MediaRelays, StopTimer, Timers } from '../../../services/ports/index.ts';
import { MONOTONIC_CLOCK, REAL_TIMERS } from '../rtp-endpoint.ts';
import type { PortRange } from '../rtp-socket.ts';
import { EmbeddedRelay } from './embedded-relay.ts';
import { type SocketPair, SocketPairs } from './socket-pairs.ts';

export type EmbeddedRelaysOptions = {
  /** The literal address to bind, of one network card: not `0.0.0.0`, since phones are told it. */
  readonly address: string;
  /** The address that phones are told where it is another, as behind a one-to-one NAT. */
  readonly advertisedAddress?: string;
  /** Four ports a call. */
  readonly ports: PortRange;
  /** After how long a call is silent; 60 000 where it is not given. */
  readonly silenceMs?: number;
  readonly clock?: Clock;
  readonly timers?: Timers;
};

type Open = Parameters<MediaRelays['open']>[0];

const SILENCE_MS = 60_000;

/** Relays sound in this process. Answers at once: `offer`, `answer` and `statistics` give no promises. */
export class EmbeddedRelays implements MediaRelays {
  readonly #options: EmbeddedRelaysOptions;
  readonly #pairs: SocketPairs;
  readonly #open = new Map<EmbeddedRelay, () => void>();
  readonly #nowMs: () => number;
  #stopWatching: StopTimer | undefined;
  #isClosed = false;

  constructor(options: EmbeddedRelaysOptions) {
    this.#options = options;
    this.#pairs = new SocketPairs(options.address, options.ports);
    const { clock = MONOTONIC_CLOCK } = options;
    this.#nowMs = () => clock.nowMs();
  }

  /** How many calls are relayed now. */
  get calls(): number {
    return this.#open.size;
  }

  open({ signalledFrom, onSilence }: Open): EmbeddedRelay | undefined {
    const pairs = this.#isClosed ? undefined : this.#takePairs();
    if (pairs === undefined) return undefined;
    const { address, advertisedAddress = address } = this.#options;
    const relay: EmbeddedRelay = new EmbeddedRelay({
      address,
      advertisedAddress,
      signalledFrom,
      pairs,
      nowMs: this.#nowMs,
      onClosed: () => {
        this.#open.delete(relay);
        this.#pairs.release(pairs.caller);
        this.#pairs.release(pairs.callee);
        if (this.#open.size === 0) this.#stopWatching?.();
        if (this.#open.size === 0) this.#stopWatching = undefined;
      },
    });
    this.#open.set(relay, onSilence);
    if (this.#stopWatching === undefined) this.#watch();
    return relay;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const relay of [...this.#open.keys()]) relay.close();
  }

  #takePairs(): Record<'caller' | 'callee', SocketPair> | undefined {
    const caller = this.#pairs.take();
    const callee = caller === undefined ? undefined : this.#pairs.take();
    if (caller !== undefined && callee !== undefined) return { caller, callee };
    if (caller !== undefined) this.#pairs.release(caller);
    return undefined;
  }

  /** One timer for all calls: silence is noticed an eighth too late at most. */
  #watch(): void {
    const { silenceMs = SILENCE_MS, timers = REAL_TIMERS } = this.#options;
    this.#stopWatching = timers.start(silenceMs / 8, () => {
      const nowMs = this.#nowMs();
      const silent = [...this.#open].filter(([relay]) => relay.silentMs(nowMs) >= silenceMs);
      this.#watch();
      for (const [relay, onSilence] of silent) {
        // Whoever was told before may have closed this one.
        if (!this.#open.has(relay)) continue;
        this.#open.set(relay, ALREADY_TOLD);
        onSilence();
      }
    });
  }
}

const ALREADY_TOLD = () => {};
