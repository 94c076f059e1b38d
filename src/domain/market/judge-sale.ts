import { type Taxation, taxed } from '../billing/documents/index.ts';
import type { Money } from '../billing/index.ts';
import type { MemberKind } from '../members/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import { isMemorable } from './memorable.ts';
import { type NumberForSale, printNumberForSale } from './number-for-sale.ts';
import { isInRange, type NumberRange } from './number-range.ts';

/** Who has a claim on a number, as far as a buyer is told. */
export type ClaimOnNumber = {
  readonly memberId: string;
  readonly state: 'held' | 'assigned' | 'quarantine';
  /** When a hold or a quarantine ends. */
  readonly untilMs?: number;
};

/**
 * Whether a number can be sold to a member at all, and for how much (R7).
 * @param ranges what is on sale
 * @param taxation how tax is charged; it is in the price that the buyer is asked for
 */
export function judgeSale(
  number: NumberForSale,
  buyer: MemberKind,
  ranges: readonly NumberRange[],
  taxation?: Taxation,
): Result<Money, 'number-kind-refused' | 'number-not-for-sale'> {
  if ((buyer === 'individual') !== (number.kind === 'personal')) {
    return refuse(
      'number-kind-refused',
      buyer === 'individual'
        ? 'An individual buys a personal number, as 02-6200-6200-082; this is an enterprise number.'
        : 'An enterprise buys an enterprise number, as 6200-6200; this is a personal number.',
      '/number',
    );
  }
  const range = ranges.find((candidate) => isInRange(candidate, number));
  if (range !== undefined) return accept(priceIn(range, number.subscriber, taxation));
  return refuse(
    'number-not-for-sale',
    `${printNumberForSale(number)} is in no range of ours. Choose one of the numbers that the search shows.`,
    '/number',
  );
}

/** What a number of a range costs, tax included. */
export function priceIn(
  { price, memorableSurcharge }: NumberRange,
  subscriber: string,
  taxation?: Taxation,
): Money {
  const surcharge = isMemorable(subscriber) ? memorableSurcharge.micros : 0n;
  return taxed({ currency: price.currency, micros: price.micros + surcharge }, taxation).total;
}

/** What another year of a number of a range costs, tax included (R24). */
export function renewalPriceIn({ renewalPrice }: NumberRange, taxation?: Taxation): Money {
  return taxed(renewalPrice, taxation).total;
}

/** Why a number that somebody has a claim on cannot be bought now, and what to do. */
export function refuseClaimed(
  number: NumberForSale,
  claim: ClaimOnNumber,
  buyerId: string,
): Result<never, 'number-held' | 'number-in-quarantine' | 'number-taken'> {
  const text = printNumberForSale(number);
  switch (claim.state) {
    case 'held':
      return refuse(
        'number-held',
        `Somebody else is about to buy ${text}. Choose another number, or try again in half an hour.`,
        '/number',
      );
    case 'assigned':
      return refuse(
        'number-taken',
        claim.memberId === buyerId ? `${text} is yours already.` : `${text} is sold. Choose another number.`,
        '/number',
      );
    case 'quarantine':
      return refuse(
        'number-in-quarantine',
        `${text} was given back not long ago and is not sold yet. Choose another number.`,
        '/number',
      );
  }
}
