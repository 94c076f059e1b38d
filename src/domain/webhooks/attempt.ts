/** What came of sending an event to an endpoint once. */
export type SendOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** What `Retry-After` asks for (RFC 9110 §10.2.3). */
      readonly retryAfterMs?: number;
      /** The beginning of what was said, for the log. */
      readonly answer?: string;
    }
  /** Nothing was answered; a sentence that says why. */
  | { readonly kind: 'unanswered'; readonly reason: string };

/** One attempt as the log keeps it. */
export type WebhookAttempt = {
  readonly atMs: number;
  readonly tookMs: number;
  /** Of the answer; absent where there was none. */
  readonly status?: number;
  /** The beginning of what was answered. */
  readonly answer?: string;
  /** Why nothing was answered. */
  readonly failure?: string;
};

/** What an attempt means to its delivery and its endpoint. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** The endpoint wants nothing any more. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'failed';
      /** Whether the endpoint cannot take anything now: else it is this event that it did not take. */
      readonly isAway: boolean;
      readonly retryAfterMs: number;
    };

/** The longest pause an endpoint may ask for: one that says a year is not waited for. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * What an outcome means (Standard Webhooks 1.0, "Delivery success and failure"): only 2xx is a success, and redirects
 * are not followed.
 */
export function judge(outcome: SendOutcome): Verdict {
  if (outcome.kind === 'unanswered') return { kind: 'failed', isAway: true, retryAfterMs: 0 };
  const { status, retryAfterMs = 0 } = outcome;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const isAway = status === 429 || status >= 500;
  return {
    kind: 'failed',
    isAway,
    retryAfterMs: Math.min(Math.max(0, retryAfterMs), LONGEST_RETRY_AFTER_MS),
  };
}

/** The log's entry of an attempt. */
export function attemptOf(outcome: SendOutcome, atMs: number, tookMs: number): WebhookAttempt {
  if (outcome.kind === 'unanswered') return { atMs, tookMs, failure: outcome.reason };
  const { status, answer } = outcome;
  return { atMs, tookMs, status, ...(answer === undefined ? {} : { answer }) };
}
