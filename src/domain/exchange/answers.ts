import type { RefusalCode } from '../refusal/index.ts';
import type { Outcome } from './call/index.ts';

/** What a caller's phone is told: the final SIP status (RFC 3261 §21) and the cause of ITU-T Q.850 in `Reason` (RFC 3326). */
export type SipAnswer = { readonly sipStatus: number; readonly q850Cause: number };

/** The answer to every call that is refused for what was dialled. */
export const ANSWERS = {
  'address-lookup-failed': { sipStatus: 503, q850Cause: 38 },
  'address-not-called': { sipStatus: 403, q850Cause: 21 },
  'address-not-found': { sipStatus: 404, q850Cause: 3 },
  // 484: the same string with a `#` and a country code after it would do.
  'branch-not-chosen': { sipStatus: 484, q850Cause: 28 },
  'branch-not-found': { sipStatus: 404, q850Cause: 1 },
  // Q.850 41, temporary failure.
  'charging-unavailable': { sipStatus: 503, q850Cause: 41 },
  'credit-exceeded': { sipStatus: 402, q850Cause: 21 },
  'daily-limit-reached': { sipStatus: 403, q850Cause: 21 },
  'destination-barred': { sipStatus: 403, q850Cause: 21 },
  'destination-not-priced': { sipStatus: 403, q850Cause: 21 },
  // Q.850 3, no route to destination, which RFC 3398 §8.2.6.1 makes a 404: the number may well exist.
  'destination-not-served': { sipStatus: 404, q850Cause: 3 },
  'emergency-not-served': { sipStatus: 404, q850Cause: 3 },
  'number-ambiguous': { sipStatus: 485, q850Cause: 1 },
  'number-incomplete': { sipStatus: 484, q850Cause: 28 },
  'number-not-in-service': { sipStatus: 404, q850Cause: 1 },
  'number-unknown': { sipStatus: 404, q850Cause: 1 },
  // Q.850 34, no circuit available: another time it may work.
  'routes-unavailable': { sipStatus: 503, q850Cause: 34 },
  'too-many-calls': { sipStatus: 403, q850Cause: 21 },
  'transit-not-permitted': { sipStatus: 403, q850Cause: 21 },
} as const satisfies Partial<Record<RefusalCode, SipAnswer>>;

/** Why the exchange finds no destination, or no way to it. */
export type ResolveRefusalCode = keyof typeof ANSWERS;

/** How a call ends that is refused for this; what should refuse no call counts as our own failure (Q.850 cause 41). */
export function outcomeOfRefusal(code: RefusalCode): Outcome {
  const answer: SipAnswer = Object.hasOwn(ANSWERS, code)
    ? ANSWERS[code as ResolveRefusalCode]
    : { sipStatus: 500, q850Cause: 41 };
  return { ...answer, refusal: code };
}
