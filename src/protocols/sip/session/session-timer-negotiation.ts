import { type HeaderField, headerValue, type SipRequest, type SipResponse } from '../message/index.ts';
import { namesOption } from './option-tags.ts';
import {
  minSeOf,
  printSessionExpires,
  type Refresher,
  SMALLEST_MIN_SE_SECONDS,
  sessionExpiresOf,
} from './session-expires.ts';

/** What our side wants of session timers (RFC 4028). */
export type SessionTimerPolicy = {
  /** The interval we ask for, e.g. 1800. */
  readonly intervalSeconds: number;
  /** The smallest interval we serve, at least 90. */
  readonly minSeconds: number;
};

/** What was agreed: the interval, and which side has to refresh. */
export type SessionTimerTerms = { readonly intervalSeconds: number; readonly refresher: 'local' | 'remote' };

/** The UAS's verdict on a request that begins or refreshes a session. */
export type SessionTimerAnswer =
  /** Answer 422 with this Min-SE header. */
  | { readonly kind: 'too-small'; readonly headers: readonly HeaderField[] }
  /** The 2xx carries these headers, and the session is timed so. */
  | { readonly kind: 'agreed'; readonly headers: readonly HeaderField[]; readonly terms: SessionTimerTerms };

/** The longest interval we agree to: a hostile number must not become an absurd timer. */
const LARGEST_INTERVAL_SECONDS = 24 * 60 * 60;

/**
 * The headers with which a UAC asks for a session timer in INVITE or UPDATE (RFC 4028 §7.1).
 * @param refresher in a refresh, who refreshes at present; in a first request, leave it to the UAS
 */
export function sessionTimerOffer(policy: SessionTimerPolicy, refresher?: Refresher): HeaderField[] {
  const seconds = intervalOf(policy);
  const offer = refresher === undefined ? { seconds } : { seconds, refresher };
  return [
    { name: 'Supported', value: 'timer' },
    { name: 'Session-Expires', value: printSessionExpires(offer) },
    ...minSeHeader(policy),
  ];
}

/**
 * The policy for the repeated request after a 422 (RFC 4028 §7.3): both values rise to its Min-SE, which is
 * kept for all later requests of the call.
 * @returns undefined where repeating would not help: the 422 names no larger Min-SE, or an absurd one
 */
export function policyAfter422(
  policy: SessionTimerPolicy,
  refusal: SipResponse,
): SessionTimerPolicy | undefined {
  if (headerValue(refusal, 'Min-SE') === undefined) return undefined;
  const minSeconds = minSeOf(refusal);
  if (minSeconds <= intervalOf(policy) || minSeconds > LARGEST_INTERVAL_SECONDS) return undefined;
  return { intervalSeconds: minSeconds, minSeconds };
}

/**
 * What a UAS answers to a request that may ask for a session timer (RFC 4028 §9). The interval is never
 * longer than asked for, and never under 90 s; a side that does not know the timer leaves the refreshing to us.
 */
export function answerSessionTimer(request: SipRequest, policy: SessionTimerPolicy): SessionTimerAnswer {
  const asked = sessionExpiresOf(request);
  const peerKnowsTimer =
    namesOption(request, 'Supported', 'timer') || namesOption(request, 'Require', 'timer');
  if (asked !== undefined && asked.seconds < policy.minSeconds && peerKnowsTimer) {
    return { kind: 'too-small', headers: [{ name: 'Min-SE', value: String(policy.minSeconds) }] };
  }
  const wanted = Math.min(LARGEST_INTERVAL_SECONDS, Math.max(intervalOf(policy), minSeOf(request)));
  const intervalSeconds = Math.max(Math.min(asked?.seconds ?? wanted, wanted), SMALLEST_MIN_SE_SECONDS);
  const refresher = peerKnowsTimer ? (asked?.refresher ?? 'uac') : 'uas';
  const expires = {
    name: 'Session-Expires',
    value: printSessionExpires({ seconds: intervalSeconds, refresher }),
  };
  return {
    kind: 'agreed',
    headers: peerKnowsTimer ? [{ name: 'Require', value: 'timer' }, expires] : [expires],
    terms: { intervalSeconds, refresher: refresher === 'uas' ? 'local' : 'remote' },
  };
}

/**
 * What a UAC may rely on after a 2xx (RFC 4028 §7.2). A UAS that says nothing of the timer does not know it:
 * then our side refreshes at the interval it asked for, so that a dead session is found all the same.
 */
export function sessionTimerTerms(response: SipResponse, policy: SessionTimerPolicy): SessionTimerTerms {
  const agreed = sessionExpiresOf(response);
  if (agreed === undefined) return { intervalSeconds: intervalOf(policy), refresher: 'local' };
  const withinReason = Math.min(agreed.seconds, LARGEST_INTERVAL_SECONDS);
  const intervalSeconds = Math.max(withinReason, SMALLEST_MIN_SE_SECONDS);
  return { intervalSeconds, refresher: agreed.refresher === 'uas' ? 'remote' : 'local' };
}

function intervalOf({ intervalSeconds, minSeconds }: SessionTimerPolicy): number {
  return Math.max(intervalSeconds, minSeconds);
}

/** Min-SE is left out where it says what everyone assumes (RFC 4028 §7.1). */
function minSeHeader({ minSeconds }: SessionTimerPolicy): HeaderField[] {
  return minSeconds > SMALLEST_MIN_SE_SECONDS ? [{ name: 'Min-SE', value: String(minSeconds) }] : [];
}
