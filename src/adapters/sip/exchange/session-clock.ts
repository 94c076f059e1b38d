import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import {
  policyAfter422,
  type SessionTimer,
  type SessionTimerEffect,
  type SessionTimerInput,
  type SessionTimerTerms,
  sessionTimerOffer,
  sessionTimerTerms,
  startSessionTimer,
  stepSessionTimer,
} from '../../../protocols/sip/session/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import { TimedMachine } from '../endpoint/index.ts';
import type { Leg } from './leg.ts';
import { describing } from './leg-session.ts';

/** RFC 3261 §14.1: the status of a refresh that crossed an offer; it is tried again later. */
const REQUEST_PENDING = 491;

/**
 * Times the session of one leg (RFC 4028 §10): refreshes it where that is our part, so that a phone that lost its
 * power is found, and tells the owner when it is. A refresh changes nothing of the call.
 */
export class SessionClock {
  readonly #timers: Timers;
  readonly #leg: Leg;
  #machine: TimedMachine<SessionTimer, SessionTimerInput, SessionTimerEffect> | undefined;
  #terms: SessionTimerTerms | undefined;

  constructor(timers: Timers, leg: Leg) {
    this.#timers = timers;
    this.#leg = leg;
  }

  /** A 2xx agreed to these terms: the session is timed from now. */
  agreed(terms: SessionTimerTerms): void {
    this.#terms = terms;
    if (this.#machine !== undefined) {
      this.#machine.input({ kind: 'refreshed', terms });
      return;
    }
    this.#machine = new TimedMachine(stepSessionTimer, this.#timers, (deed) => {
      if (deed.kind === 'refresh') this.#refresh();
      else if (deed.kind === 'end-session') this.#leg.owner.onLost(this.#leg);
    });
    this.#machine.begin(startSessionTimer(terms));
  }

  /** Refreshes it now, whosever part that is: to find out whether the other end still knows the call. */
  ask(): void {
    this.#refresh();
  }

  end(): void {
    this.#machine?.input({ kind: 'session-ended' });
    this.#machine = undefined;
  }

  /** By UPDATE without an offer where the phone allows it, else by INVITE with the description it already has. */
  #refresh(): void {
    const terms = this.#terms;
    if (terms === undefined) return;
    const policy = { intervalSeconds: terms.intervalSeconds, minSeconds: 90 };
    const headers = sessionTimerOffer(policy, 'uac');
    const succeeded = (response: SipResponse) => this.agreed(sessionTimerTerms(response, policy));
    const failed = (status: number, response?: SipResponse) => {
      // The interval it had agreed to is too short for it now: the next attempt asks for a longer one.
      const longer = response?.status === 422 ? policyAfter422(policy, response) : undefined;
      if (longer !== undefined) this.#terms = { ...terms, intervalSeconds: longer.intervalSeconds };
      this.#machine?.input(status === 408 ? { kind: 'refresh-failed' } : { kind: 'refresh-failed', status });
    };
    if (this.#leg.allowsUpdate) {
      this.#leg.request('UPDATE', { headers }, (status, response) => {
        if (status < 300 && response !== undefined) succeeded(response);
        else failed(status, response);
      });
      return;
    }
    if (!this.#leg.mayInvite) {
      failed(REQUEST_PENDING);
      return;
    }
    this.#leg.invite(this.#sameSession(headers), {
      onProvisional: () => {},
      onSuccess: (response, acknowledge) => {
        acknowledge();
        succeeded(response);
      },
      onFailure: failed,
    });
  }

  #sameSession(headers: NonNullable<RequestParts['headers']>): RequestParts {
    const description = this.#leg.lastDescription;
    if (description === undefined) return { headers };
    const parts = describing(description);
    return { ...parts, headers: [...headers, ...parts.headers] };
  }
}
