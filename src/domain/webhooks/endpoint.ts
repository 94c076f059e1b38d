import type { Verdict } from './attempt.ts';
import type { WebhookTopic } from './event.ts';
import type { WebhookSecret } from './secret.ts';

/** Why nothing is sent to an endpoint. */
export type DisabledReason =
  | 'by-owner'
  /** It answered 410 Gone. */
  | 'gone'
  /** It has taken nothing for days. */
  | 'failing';

/** How an endpoint fares. */
export type EndpointHealth = {
  /** Attempts that failed since the last that did not. */
  readonly failures: number;
  /** When the first of them was. */
  readonly failingSinceMs?: number;
  /** Nothing is sent before. */
  readonly restUntilMs: number;
};

/** Where events are sent. */
export type WebhookEndpoint = EndpointHealth & {
  readonly id: string;
  /** Whose events it hears; absent: it is the operator's and hears everybody's. */
  readonly memberId?: string;
  readonly url: string;
  readonly topics: readonly WebhookTopic[];
  readonly description?: string;
  readonly createdAtMs: number;
  /** The newest first. */
  readonly secrets: readonly WebhookSecret[];
  /** Raised by every change of its owner. */
  readonly version: number;
} & (
    | { readonly state: 'open' }
    | { readonly state: 'disabled'; readonly disabledAtMs: number; readonly disabledReason: DisabledReason }
  );

export type EndpointInput = { readonly nowMs: number } & (
  | { readonly kind: 'tried'; readonly verdict: Verdict }
  | { readonly kind: 'disable' }
  | { readonly kind: 'enable' }
);

export type EndpointEffect =
  /** What waits for its next attempt is due now, since the endpoint works again. */
  | { readonly kind: 'hurry-waiting' }
  /** What waits is given up. */
  | { readonly kind: 'give-up-waiting' }
  /** The owner learns that nothing is sent any more. */
  | { readonly kind: 'tell-owner'; readonly reason: Exclude<DisabledReason, 'by-owner'> };

/** An endpoint that cannot take anything rests so long, twice as long each time. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

/** One that failed so long and works again gets at once what waits for it. */
const OUTAGE_MS = 60_000;

/** One that took nothing for so long is switched off: longer than all attempts of an event take. */
export const FAILING_MS = 5 * 24 * 3_600_000;

/*
 * An endpoint.
 *
 *   +---------+  failed                 +---------+  failed for five days   +----------+
 *   | working |------------------------>| failing |------------------------>| disabled |
 *   | (open)  |<------------------------| (open)  |                         |          |
 *   +---------+  2xx; after an outage   +---------+                         +----------+
 *      ^   |     what waits is hurried       |  410 Gone, or by its owner        ^ |
 *      |   +---------------------------------+-----------------------------------+ |
 *      +---------------------------------------------------------------------------+
 *                                    enabled by its owner
 *
 * While it is failing it rests between attempts, all of its events with it: so their order stays, and an endpoint that
 * is down is not asked once for each event.
 */
export function stepEndpoint(
  endpoint: WebhookEndpoint,
  input: EndpointInput,
): readonly [WebhookEndpoint, readonly EndpointEffect[]] {
  switch (input.kind) {
    case 'enable':
      return endpoint.state === 'open' ? [endpoint, []] : [{ ...fresh(endpoint), state: 'open' }, []];
    case 'disable':
      return endpoint.state === 'open' ? disabled(endpoint, 'by-owner', input.nowMs) : [endpoint, []];
    case 'tried':
      // What was under way when it was switched off changes nothing any more.
      return endpoint.state === 'open' ? afterAttempt(endpoint, input.verdict, input.nowMs) : [endpoint, []];
  }
}

type Open = WebhookEndpoint & { readonly state: 'open' };
type Step = readonly [WebhookEndpoint, readonly EndpointEffect[]];

function afterAttempt(endpoint: Open, verdict: Verdict, nowMs: number): Step {
  switch (verdict.kind) {
    case 'gone':
      return disabled(endpoint, 'gone', nowMs);
    case 'delivered': {
      const wasOut = nowMs - (endpoint.failingSinceMs ?? nowMs) >= OUTAGE_MS;
      return [{ ...fresh(endpoint), state: 'open' }, wasOut ? [{ kind: 'hurry-waiting' }] : []];
    }
    case 'failed': {
      const failingSinceMs = endpoint.failingSinceMs ?? nowMs;
      if (nowMs - failingSinceMs >= FAILING_MS) return disabled(endpoint, 'failing', nowMs);
      const failures = endpoint.failures + 1;
      const awayMs = verdict.isAway ? Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS) : 0;
      const restMs = Math.max(awayMs, verdict.retryAfterMs);
      const restUntilMs = restMs === 0 ? endpoint.restUntilMs : nowMs + restMs;
      return [{ ...endpoint, failures, failingSinceMs, restUntilMs }, []];
    }
  }
}

function disabled(endpoint: Open, disabledReason: DisabledReason, nowMs: number): Step {
  const off: WebhookEndpoint = { ...endpoint, state: 'disabled', disabledAtMs: nowMs, disabledReason };
  if (disabledReason === 'by-owner') return [off, [{ kind: 'give-up-waiting' }]];
  return [off, [{ kind: 'give-up-waiting' }, { kind: 'tell-owner', reason: disabledReason }]];
}

/** Without anything of how it fared. */
function fresh(endpoint: WebhookEndpoint) {
  const { id, url, topics, createdAtMs, secrets, version, memberId, description } = endpoint;
  return {
    ...{ id, url, topics, createdAtMs, secrets, version, failures: 0, restUntilMs: 0 },
    ...(memberId === undefined ? {} : { memberId }),
    ...(description === undefined ? {} : { description }),
  };
}
