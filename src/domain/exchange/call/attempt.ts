import type { ChargeTerms } from '../../billing/charging/index.ts';
import type { Outcome } from './outcome.ts';

/** Who is asked to take a call, as its record names them. */
export type CalledParty =
  | { readonly kind: 'terminal'; readonly terminalId: string; readonly memberId: string }
  /** A way to another network (R14, R15); `number` as it is sent there. */
  | {
      readonly kind: 'trunk';
      readonly trunk: string;
      readonly gateway: string;
      /** The centre that carries it. */
      readonly centre: string;
      readonly number: string;
      /** The member whose own telephone it is (R18). */
      readonly memberId?: string;
    }
  /** The exchange's own voice. */
  | { readonly kind: 'voice' }
  /** Somebody who is no member, under a SIP address (R16). */
  | { readonly kind: 'address'; readonly uri: string };

/** One phone, or one way to another network, that is asked to ring. */
export type Attempt = {
  readonly id: string;
  readonly party: CalledParty;
  /** Whether its 404 may be a lie, and the next one is asked. */
  readonly asksNextAfter404?: boolean;
  /** What the call is charged by where this one answers (R23). */
  readonly charges?: readonly ChargeTerms[];
};

/**
 * One of the things that ring at the same time: attempts of which the next is made only where the one before failed,
 * as the carriers to one number.
 */
export type Branch = {
  readonly attempts: readonly Attempt[];
  /** How long the others ring alone before this one begins; 0 for at once. */
  readonly delayMs: number;
  /** What credit is kept back for before any of it rings (R23). */
  readonly credit?: ChargeTerms;
  /** Whether the caller, who pays, is told the price before any of it rings. */
  readonly announcesPrice?: boolean;
};

/** An attempt outside of our own terminals, as its record tells it; times in milliseconds since 1970. */
export type TriedAttempt = {
  readonly attempt: Attempt;
  readonly startedAtMs: number;
  readonly ringingAtMs?: number;
  /** Absent where it is under way, or was answered. */
  readonly endedAtMs?: number;
  readonly outcome?: Outcome;
};
