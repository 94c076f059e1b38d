import { randomUUID } from 'node:crypto';
import type { Clock, MediaRelays, StopTimer, Timers } from '../../../services/ports/index.ts';
import { MONOTONIC_CLOCK, REAL_TIMERS } from '../rtp-endpoint.ts';
import { Control } from './control.ts';
import { RtpengineRelay } from './rtpengine-relay.ts';

export type RtpengineRelaysOptions = {
  /** Where the daemon listens for its "ng" protocol (`--listen-ng`); a literal address. */
  readonly address: string;
  readonly port: number;
  /** After how long a call is silent; 60 000 where it is not given. The daemon's `--timeout` has to be longer. */
  readonly silenceMs?: number;
  /** As many as the daemon has ports for, four a call; without, the daemon says when it is full. */
  readonly mostCalls?: number;
  readonly clock?: Clock;
  readonly timers?: Timers;
};

type Open = Parameters<MediaRelays['open']>[0];

const SILENCE_MS = 60_000;

/** Relays sound in rtpengine, a process of its own that may be on another machine. */
export class RtpengineRelays implements MediaRelays {
  readonly #options: RtpengineRelaysOptions;
  readonly #control: Control;
  readonly #open = new Map<RtpengineRelay, () => void>();
  readonly #ending = new Set<Promise<unknown>>();
  #stopWatching: StopTimer = () => {};
  #isClosed = false;

  /** Resolves whether or not the daemon is there: while it is away, nothing is opened. */
  static async connect(options: RtpengineRelaysOptions): Promise<RtpengineRelays> {
    const { address, port, timers = REAL_TIMERS } = options;
    return new RtpengineRelays(options, await Control.connect(address, port, timers));
  }

  private constructor(options: RtpengineRelaysOptions, control: Control) {
    this.#options = options;
    this.#control = control;
    this.#watch();
  }

  /** Whether the daemon does not answer. */
  get isAway(): boolean {
    return this.#control.isAway;
  }

  open({ callId, signalledFrom, onSilence }: Open): RtpengineRelay | undefined {
    const { address, mostCalls = Number.POSITIVE_INFINITY, clock = MONOTONIC_CLOCK } = this.#options;
    if (this.#isClosed || this.isAway || this.#open.size >= mostCalls) return undefined;
    const relay: RtpengineRelay = new RtpengineRelay({
      control: this.#control,
      // A call may be relayed twice, and two exchanges may share a daemon.
      callId: `${callId} ${randomUUID()}`,
      signalledFrom,
      address,
      nowMs: () => clock.nowMs(),
      whenThereIsRoom: async () => {
        while (this.#ending.size > 0 && this.#open.size + this.#ending.size > mostCalls)
          await Promise.race(this.#ending);
      },
      onClosed: (deleted) => {
        this.#open.delete(relay);
        const ended = deleted.finally(() => this.#ending.delete(ended));
        this.#ending.add(ended);
      },
    });
    this.#open.set(relay, onSilence);
    return relay;
  }

  /** Ends all calls; waits until the daemon has let go of them, or does not answer. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopWatching();
    for (const relay of [...this.#open.keys()]) relay.close();
    await Promise.all(this.#ending);
    this.#control.close();
  }

  /** One timer for all calls: each is asked for four times in the time that makes it silent. */
  #watch(): void {
    const { silenceMs = SILENCE_MS, timers = REAL_TIMERS } = this.#options;
    this.#stopWatching = timers.start(silenceMs / 4, () => {
      void this.#lookForSilence(silenceMs);
    });
  }

  async #lookForSilence(silenceMs: number): Promise<void> {
    // One after the other, so that the daemon is not asked for thousands of calls at once.
    for (const relay of [...this.#open.keys()]) {
      // A daemon that is away says nothing of its calls, whose sound may well go on.
      if (this.#isClosed || this.isAway) break;
      const isSilent = (await relay.silentMs()) >= silenceMs && !this.isAway;
      const onSilence = this.#open.get(relay);
      if (!isSilent || onSilence === undefined) continue;
      this.#open.set(relay, ALREADY_TOLD);
      onSilence();
    }
    if (!this.#isClosed) this.#watch();
  }
}

const ALREADY_TOLD = () => {};
