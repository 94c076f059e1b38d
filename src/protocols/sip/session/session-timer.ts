/*
 * The session timer of one dialog: RFC 4028 §10.
 *
 *            terms agreed by a 2xx
 *                     |
 *               +-----------+   refreshed: start anew with the new terms
 *               |  running  |   refresh (half time, refresher only): ask for a refresh
 *               |           |   refresh failed: try again later
 *               +-----------+
 *         ended   |       |   expiry, or the refresh was answered 408, 481 or
 *                 |       |   not at all: end the session
 *                 v       v
 *               +-----------+
 *               |   ended   |
 *               +-----------+
 */
import type { SessionTimerTerms } from './session-timer-negotiation.ts';

type Running = { readonly state: 'running'; readonly terms: SessionTimerTerms };
type Ended = { readonly state: 'ended' };

export type SessionTimer = Running | Ended;

export type SessionTimerInput =
  /** A session refresh of either side got its 2xx, with these terms. */
  | { readonly kind: 'refreshed'; readonly terms: SessionTimerTerms }
  /** Our refresh was refused with this status; without one, it was never answered. */
  | { readonly kind: 'refresh-failed'; readonly status?: number }
  | { readonly kind: 'timer'; readonly timer: 'refresh' | 'expiry' }
  /** The session is over for another reason. */
  | { readonly kind: 'session-ended' };

export type SessionTimerEffect =
  | { readonly kind: 'start-timer'; readonly timer: 'refresh' | 'expiry'; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: 'refresh' | 'expiry' }
  /** Send UPDATE, or re-INVITE where the other side does not allow UPDATE. */
  | { readonly kind: 'refresh' }
  /** Send BYE. */
  | { readonly kind: 'end-session' };

type Step = [SessionTimer, SessionTimerEffect[]];

const ENDED: Ended = { state: 'ended' };

/** The side that waits for a refresh gives up earlier by at most this (RFC 4028 §10). */
const LONGEST_HEAD_START_MS = 32_000;

/** Starts to time a session by what the 2xx agreed. */
export function startSessionTimer(terms: SessionTimerTerms): Step {
  const intervalMs = terms.intervalSeconds * 1_000;
  const effects: SessionTimerEffect[] = [];
  if (terms.refresher === 'local') {
    effects.push({ kind: 'start-timer', timer: 'refresh', afterMs: intervalMs / 2 });
    effects.push({ kind: 'start-timer', timer: 'expiry', afterMs: intervalMs });
  } else {
    const headStartMs = Math.min(LONGEST_HEAD_START_MS, Math.floor(intervalMs / 3));
    effects.push({ kind: 'start-timer', timer: 'expiry', afterMs: intervalMs - headStartMs });
  }
  return [{ state: 'running', terms }, effects];
}

/** The next state and what is to be done. */
export function stepSessionTimer(timer: SessionTimer, input: SessionTimerInput): Step {
  if (timer.state === 'ended') return [timer, []];
  const stops = stopsOf(timer);
  switch (input.kind) {
    case 'refreshed': {
      const [next, starts] = startSessionTimer(input.terms);
      return [next, [...stops, ...starts]];
    }
    case 'refresh-failed':
      return refreshFailed(timer, input.status);
    case 'session-ended':
      return [ENDED, stops];
    case 'timer':
      if (input.timer === 'refresh')
        return [timer, timer.terms.refresher === 'local' ? [{ kind: 'refresh' }] : []];
      return [ENDED, [...stops, { kind: 'end-session' }]];
  }
}

/** A refusal that leaves the dialog alive leaves it its time too, with further attempts until it expires. */
function refreshFailed(timer: Running, status: number | undefined): Step {
  const isDead = status === undefined || status === 408 || status === 481;
  if (isDead) return [ENDED, [...stopsOf(timer), { kind: 'end-session' }]];
  if (timer.terms.refresher === 'remote') return [timer, []];
  const afterMs = (timer.terms.intervalSeconds * 1_000) / 8;
  return [timer, [{ kind: 'start-timer', timer: 'refresh', afterMs }]];
}

function stopsOf({ terms }: Running): SessionTimerEffect[] {
  const expiry: SessionTimerEffect = { kind: 'stop-timer', timer: 'expiry' };
  return terms.refresher === 'local' ? [{ kind: 'stop-timer', timer: 'refresh' }, expiry] : [expiry];
}
