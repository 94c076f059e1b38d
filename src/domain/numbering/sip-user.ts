import type { E164 } from './e164.ts';
import type { EnterpriseNumber } from './enterprise-number.ts';
import type { PersonalNumber } from './personal-number.ts';

/**
 * The user part of the SIP URI of a number: `0262006200082`, `62006200%23082`, `+82262006200`. A `#` may not stand
 * in a URI unescaped (RFC 3261 §25.1), and a number of our own plan never carries a `+`.
 */
export function sipUserOf(number: PersonalNumber | EnterpriseNumber | E164): string {
  if (typeof number === 'string') return number;
  if (number.kind === 'personal' || number.branchCountryCode === undefined) return number.digits;
  return `${number.digits}%23${number.branchCountryCode}`;
}
