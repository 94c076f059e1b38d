/** The three estimates from which all timers of a transaction follow (RFC 3261 §17.1.1.1, Table 4). */
export type Timers = {
  /** Estimate of the round trip, and the first retransmission. */
  readonly t1Ms: number;
  /** The longest wait between two retransmissions of a non-INVITE request or an INVITE response. */
  readonly t2Ms: number;
  /** The longest time a message stays in the network. */
  readonly t4Ms: number;
};

export const DEFAULT_TIMERS: Timers = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 };

/** How long a server leaves an INVITE unanswered before it sends 100 by itself (RFC 3261 §17.2.1). */
export const TRYING_AFTER_MS = 200;

/**
 * The letters of RFC 3261 Table 4 and RFC 6026 (L and M). Timer C belongs to proxies. `trying` is the wait of
 * 200 ms before an automatic 100, which the RFC gives no letter.
 */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'trying';

/** What a transaction has to know of the way its messages take. */
export type Path = {
  /** Whether the transport itself repeats what is lost (TCP, TLS, WebSocket): then nothing is retransmitted. */
  readonly reliable: boolean;
  readonly timers: Timers;
};

export type PathOptions = { readonly reliable: boolean; readonly timers?: Timers };

export function pathOf(options: PathOptions): Path {
  return { reliable: options.reliable, timers: options.timers ?? DEFAULT_TIMERS };
}

/** 64·T1: how long a transaction goes on trying (timers B, F, H, J, L, M, and D on an unreliable transport). */
export function patienceMs(path: Path): number {
  return 64 * path.timers.t1Ms;
}
