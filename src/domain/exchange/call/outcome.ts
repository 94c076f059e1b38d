/** How a call or an attempt ended: the SIP status, and the cause of ITU-T Q.850 that says why (RFC 3326). */
export type Outcome = {
  readonly sipStatus: number;
  readonly q850Cause: number;
  /** The code of `docs/errors.md`, where the exchange itself refused. */
  readonly refusal?: string;
  /** Whether nothing at all was heard from there. */
  readonly silent?: boolean;
  /** What was answered there, where the caller is told another status. */
  readonly received?: number;
};

/** The Q.850 cause of what a phone answers (RFC 3398 §7.2.4.1; for what is said of people, the cause says what happened to them). */
const CAUSES: Readonly<Record<number, number>> = {
  400: 41,
  403: 21,
  404: 1,
  405: 63,
  408: 102,
  410: 22,
  413: 127,
  415: 79,
  420: 127,
  480: 20,
  482: 25,
  483: 25,
  484: 28,
  485: 1,
  486: 17,
  487: 16,
  488: 65,
  500: 41,
  501: 79,
  503: 41,
  504: 102,
  600: 17,
  603: 21,
  604: 1,
  606: 65,
};

/** Q.850 cause 31: normal, unspecified. */
const UNSPECIFIED = 31;

/** Refusals that are about our own INVITE and its leg: a challenge, an extension or interval of ours, a crossing. */
const ABOUT_OUR_LEG: ReadonlySet<number> = new Set([401, 407, 421, 422, 423, 481, 491]);

/**
 * What a phone's final refusal means for the call.
 * - What is about our own leg says nothing to the caller; a redirection is not followed: the phone is unavailable.
 * - A 503 would make the caller leave the whole exchange alone, so that it becomes a 500 (RFC 3261 §16.7).
 */
export function outcomeOfPhone(status: number): Outcome {
  const q850Cause = CAUSES[status] ?? UNSPECIFIED;
  if (status < 400 || ABOUT_OUR_LEG.has(status))
    return { sipStatus: 480, q850Cause: UNSPECIFIED, received: status };
  return status === 503 ? { sipStatus: 500, q850Cause, received: status } : { sipStatus: status, q850Cause };
}

/** What a 480 means of a phone that rang: nobody answered it, and not that nobody is there (Q.850 cause 20). */
export function afterRinging(outcome: Outcome): Outcome {
  const { sipStatus, q850Cause } = outcome;
  return sipStatus === 480 && q850Cause === CAUSES[480] ? { ...outcome, q850Cause: NO_ANSWER } : outcome;
}

/** Q.850 cause 19: no answer from user, user alerted. */
const NO_ANSWER = 19;

/**
 * The refusal that says most to the caller when several phones refused (RFC 3261 §16.7, step 6): a person who is
 * busy, then one who did not answer, then what lies with the phones.
 */
export function bestRefusal(refusals: readonly Outcome[]): Outcome {
  const [first = { sipStatus: 480, q850Cause: UNSPECIFIED }, ...others] = refusals;
  return others.reduce((best, other) => (rankOf(other) < rankOf(best) ? other : best), first);
}

function rankOf({ sipStatus }: Outcome): number {
  if (sipStatus >= 600) return 0;
  if (sipStatus === 486) return 1;
  if (sipStatus === 480) return 2;
  return sipStatus;
}

/** The word for a call that was not answered. */
export function statusOf(
  { sipStatus, q850Cause }: Outcome,
  givenUp: boolean,
): 'busy' | 'no-answer' | 'failed' | 'cancelled' {
  if (givenUp) return 'cancelled';
  if (sipStatus === 486 || sipStatus === 600 || sipStatus === 603) return 'busy';
  if (q850Cause === 19 || sipStatus === 408) return 'no-answer';
  return 'failed';
}
