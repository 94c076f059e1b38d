import type { PlanReading, Reading } from './dialled.ts';
import { formatE164 } from './e164.ts';
import { formatEnterpriseNumber } from './enterprise-number.ts';
import { formatPersonalNumber } from './personal-number.ts';

/**
 * The canonical text of what was read, for records and people: `02-6200-6200-082`, `6200-6200#082`, `+82262006200`,
 * `alice@acme.example`; undefined where it was not read as one thing. Grouping a personal number takes some
 * microseconds, so it is not done to find a destination.
 */
export function textOfReading(reading: Reading | PlanReading): string | undefined {
  switch (reading.kind) {
    case 'own':
      return textOfOwn(reading.number);
    case 'pstn':
      return formatE164(reading.number);
    case 'operator':
      return reading.digits;
    case 'email':
      return reading.address;
    case 'domain':
      return reading.domain;
    case 'emergency':
      return reading.number;
    case 'ambiguous':
    case 'incomplete':
    case 'unknown':
      return undefined;
  }
}

function textOfOwn(number: (PlanReading & { readonly kind: 'own' })['number']): string {
  switch (number.kind) {
    case 'personal':
      return formatPersonalNumber(number);
    case 'enterprise':
      return formatEnterpriseNumber(number);
    case 'alias':
      return number.digits;
  }
}
