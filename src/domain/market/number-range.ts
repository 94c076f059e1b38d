import type { Money } from '../billing/index.ts';
import type { CountryCode } from '../numbering/index.ts';
import type { NumberKind } from './number-for-sale.ts';

/**
 * Numbers of the provider's own that are on sale: a number outside of every range is never sold, since it
 * may be a stranger's telephone number.
 */
export type NumberRange = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly kind: NumberKind;
  /** Only of personal numbers. */
  readonly countryCode?: CountryCode;
  /** The digits all its numbers begin with: `026200` of `02-6200-XXXX`. */
  readonly prefix: string;
  /** How many digits follow: a range of `n` has 10 to the power of `n` numbers. */
  readonly openDigits: number;
  readonly price: Money;
  /** Added to the price of numbers that are easily remembered; in the price's currency. */
  readonly memorableSurcharge: Money;
  readonly addedAtMs: number;
  /** From when on nothing of it is sold any more; what was sold stays sold. */
  readonly withdrawnAtMs?: number;
};
