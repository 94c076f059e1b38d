/** How an attempt to reach a number by one way has failed. */
export type FailedAttempt = {
  readonly sipStatus: number;
  readonly q850Cause: number;
  /** Whether the callee's telephone rang. */
  readonly rang: boolean;
  /** Whether nothing at all was heard. */
  readonly silent: boolean;
  /** Whether a 404 was doubted before in this call. */
  readonly tried404: boolean;
};

/** Q.850: no circuit, network out of order, temporary failure, congestion. Such faults lie with the way. */
const FAULTS_OF_THE_WAY: ReadonlySet<number> = new Set([34, 38, 41, 42]);

/** What is said of the callee, whatever cause comes with it (RFC 3261 §21.4.18, §21.4.24). */
const OF_THE_CALLEE: ReadonlySet<number> = new Set([480, 486, 487, 488]);

/**
 * Whether the next way is tried: only where the fault lies with the way and not with the callee, and never once the
 * callee's telephone rang, which would ring it again.
 * @param after404 whether the way's 404 may be a lie: then one more is asked
 */
export function mayTryNext(
  { sipStatus, q850Cause, rang, silent, tried404 }: FailedAttempt,
  { after404 }: { readonly after404: boolean },
): boolean {
  if (rang || sipStatus >= 600 || OF_THE_CALLEE.has(sipStatus)) return false;
  if (silent || sipStatus >= 500 || FAULTS_OF_THE_WAY.has(q850Cause)) return true;
  return sipStatus === 404 && after404 && !tried404;
}
