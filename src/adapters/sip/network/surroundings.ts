import type { Flow } from './flow.ts';
import type { NetworkLimits } from './limits.ts';
import type { NetworkMetrics } from './metrics.ts';

/** What every socket of one network shares. */
export type Surroundings = {
  readonly limits: NetworkLimits;
  readonly metrics: NetworkMetrics;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** A whole message arrived. Never throws. */
  onMessage(bytes: Buffer, from: Flow): void;
  onClosed(flow: Flow): void;
  /** Something an operator should know, as a sentence without its full stop. */
  onTrouble(what: string, error: unknown): void;
};
