import type { Verdict, WebhookAttempt } from './attempt.ts';

/** Why an event is not tried any more. */
export type GiveUpReason =
  /** All attempts failed. */
  | 'attempts-failed'
  /** The endpoint was switched off. */
  | 'endpoint-disabled'
  /** More waited than an endpoint's queue holds. */
  | 'queue-full';

/** How far an event is on its way to an endpoint. */
export type DeliveryState =
  | {
      readonly state: 'pending';
      readonly dueAtMs: number;
      /** When it was tried first; absent where it was not yet, or is replayed. */
      readonly firstTriedAtMs?: number;
    }
  | { readonly state: 'delivered'; readonly deliveredAtMs: number }
  | { readonly state: 'given-up'; readonly givenUpAtMs: number; readonly reason: GiveUpReason };

export type Delivery = DeliveryState & {
  readonly endpointId: string;
  readonly eventId: string;
  /** All attempts there were. */
  readonly tries: number;
  /** The last of them, oldest first. */
  readonly attempts: readonly WebhookAttempt[];
};

export type DeliveryInput =
  | {
      readonly kind: 'tried';
      readonly attempt: WebhookAttempt;
      readonly verdict: Verdict;
      /** 0 ≤ chance < 1: spreads what failed together. */
      readonly chance: number;
    }
  | { readonly kind: 'give-up'; readonly reason: GiveUpReason; readonly nowMs: number }
  /** Its owner wants it sent again, whatever became of it. */
  | { readonly kind: 'replay'; readonly nowMs: number };

/** When it is tried again, counted from the first attempt (Standard Webhooks 1.0, "example retry schedule"). */
export const RETRY_DELAYS_MS: readonly number[] = [
  5_000,
  5 * 60_000,
  30 * 60_000,
  2 * 3_600_000,
  5 * 3_600_000,
  10 * 3_600_000,
  14 * 3_600_000,
  20 * 3_600_000,
  24 * 3_600_000,
];

/**
 * Each delay but the first is drawn out by up to this part of it. The first is as long as an endpoint rests, so that
 * what failed comes before what was recorded since.
 */
const JITTER = 0.1;

/** How many attempts the log keeps of a delivery. */
const MOST_LOGGED = 12;

/*
 * The delivery of one event to one endpoint.
 *
 *              +---------+  2xx                      +-----------+
 *   recorded ->| pending |-------------------------->| delivered |
 *              +---------+                           +-----------+
 *               ^ |  ^  |  last attempt failed,            |
 *     any other | |  |  |  endpoint off, queue full        |
 *       failure +-+  |  v                                  |
 *                    | +----------+                        |
 *                    | | given-up |                        |
 *                    | +----------+                        |
 *                    +------+------------------------------+
 *                               replay
 *
 * Attempts are at times counted from the first one, so that extra ones, which are made as soon as an endpoint works
 * again (`stepEndpoint`), use up none of them.
 */
export function stepDelivery(delivery: Delivery, input: DeliveryInput): Delivery {
  switch (input.kind) {
    case 'replay':
      return { ...identityOf(delivery), state: 'pending', dueAtMs: input.nowMs };
    case 'give-up':
      if (delivery.state !== 'pending') return delivery;
      return { ...identityOf(delivery), state: 'given-up', givenUpAtMs: input.nowMs, reason: input.reason };
    case 'tried':
      return delivery.state === 'pending' ? afterAttempt(delivery, input) : delivery;
  }
}

function afterAttempt(
  delivery: Delivery & { readonly state: 'pending' },
  { attempt, verdict, chance }: DeliveryInput & { readonly kind: 'tried' },
): Delivery {
  const logged = {
    ...identityOf(delivery),
    tries: delivery.tries + 1,
    attempts: [...delivery.attempts, attempt].slice(-MOST_LOGGED),
  };
  const nowMs = attempt.atMs + attempt.tookMs;
  switch (verdict.kind) {
    case 'delivered':
      return { ...logged, state: 'delivered', deliveredAtMs: nowMs };
    case 'gone':
      return { ...logged, state: 'given-up', givenUpAtMs: nowMs, reason: 'endpoint-disabled' };
    case 'failed': {
      const firstTriedAtMs = delivery.firstTriedAtMs ?? attempt.atMs;
      const dueAtMs = nextAttemptAtMs(firstTriedAtMs, nowMs, chance);
      if (dueAtMs === undefined) {
        return { ...logged, state: 'given-up', givenUpAtMs: nowMs, reason: 'attempts-failed' };
      }
      return {
        ...logged,
        state: 'pending',
        firstTriedAtMs,
        dueAtMs: Math.max(dueAtMs, nowMs + verdict.retryAfterMs),
      };
    }
  }
}

/**
 * When an event whose attempt failed is tried again: the first time of the schedule that is not past.
 * @returns milliseconds since 1970, or undefined where the schedule is over
 */
export function nextAttemptAtMs(firstTriedAtMs: number, nowMs: number, chance: number): number | undefined {
  let atMs = firstTriedAtMs;
  for (const [index, delayMs] of RETRY_DELAYS_MS.entries()) {
    atMs += delayMs;
    if (atMs > nowMs) return atMs + (index === 0 ? 0 : Math.floor(delayMs * JITTER * chance));
  }
  return undefined;
}

function identityOf({ endpointId, eventId, tries, attempts }: Delivery) {
  return { endpointId, eventId, tries, attempts };
}
