import type { RefusalCode } from '../refusal/index.ts';

/** What a caller's phone is told: the final SIP status (RFC 3261 §21) and the cause of ITU-T Q.850 in `Reason` (RFC 3326). */
export type SipAnswer = { readonly sipStatus: number; readonly q850Cause: number };

/** The answer to every call that is refused for what was dialled. */
export const ANSWERS = {
  // 484: the same string with a `#` and a country code after it would do.
  'branch-not-chosen': { sipStatus: 484, q850Cause: 28 },
  'branch-not-found': { sipStatus: 404, q850Cause: 1 },
  // Q.850 3, no route to destination, which RFC 3398 §8.2.6.1 makes a 404: the number may well exist.
  'destination-not-served': { sipStatus: 404, q850Cause: 3 },
  'number-ambiguous': { sipStatus: 485, q850Cause: 1 },
  'number-incomplete': { sipStatus: 484, q850Cause: 28 },
  'number-not-in-service': { sipStatus: 404, q850Cause: 1 },
  'number-unknown': { sipStatus: 404, q850Cause: 1 },
} as const satisfies Partial<Record<RefusalCode, SipAnswer>>;

/** Why the exchange finds no destination. */
export type ResolveRefusalCode = keyof typeof ANSWERS;
