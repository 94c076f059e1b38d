import type { HealthCheck } from './trunk.ts';

/*
 * Whether a gateway lives, by what is heard from it: answers to OPTIONS, and to calls. With hysteresis, so that one
 * lost packet takes nothing out of service, and one lucky one brings nothing back.
 *
 *          downAfter silences or 503 one after another
 *      up ----------------------------------------------> down
 *         <----------------------------------------------
 *          upAfter answers one after another
 */

/** What is known of a gateway; times in milliseconds since 1970. */
export type GatewayHealth = {
  readonly state: 'up' | 'down';
  readonly sinceMs: number;
  /** How often the opposite of its state was seen, one after another. */
  readonly against: number;
  /** Why it is down, or was last. */
  readonly reason?: string;
};

/** A gateway nobody has heard of yet is up: else a start of ours would be an outage. */
export function startHealth(nowMs: number): GatewayHealth {
  return { state: 'up', sinceMs: nowMs, against: 0 };
}

export type HealthInput =
  | { readonly kind: 'answered' }
  /** `reason` says what came instead of an answer: `no answer`, `503`. */
  | { readonly kind: 'failed'; readonly reason: string };

/** @returns the state after it, which has another `state` where the gateway went down or came back */
export function stepHealth(
  health: GatewayHealth,
  input: HealthInput,
  { downAfter, upAfter }: Pick<HealthCheck, 'downAfter' | 'upAfter'>,
  nowMs: number,
): GatewayHealth {
  const agrees = (input.kind === 'answered') === (health.state === 'up');
  if (agrees) return health.against === 0 ? health : { ...health, against: 0 };
  const against = health.against + 1;
  const reason = input.kind === 'failed' ? { reason: input.reason } : {};
  if (health.state === 'up') {
    return against >= downAfter
      ? { state: 'down', sinceMs: nowMs, against: 0, ...reason }
      : { ...health, against, ...reason };
  }
  return against >= upAfter ? { ...health, state: 'up', sinceMs: nowMs, against: 0 } : { ...health, against };
}
