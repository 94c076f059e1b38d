import { readableCode } from '../domain/members/index.ts';
import type { Randomness } from './ports/index.ts';

/** Random bytes in a payment reference: 40 bits, eight letters and digits. */
const REFERENCE_BYTES = 5;

/** What a payer writes on a transfer: `OD-7K3M9QXA`. @param kind what is paid for, in two letters */
export function paymentReference(randomness: Randomness, kind: string): string {
  return `${kind}-${readableCode(randomness.bytes(REFERENCE_BYTES)).toUpperCase()}`;
}
