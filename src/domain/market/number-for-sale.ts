import {
  type CountryCode,
  formatEnterpriseNumber,
  formatPersonalNumber,
  parseEnterpriseNumber,
  parsePersonalNumber,
} from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';

export type NumberKind = 'personal' | 'enterprise';

/** A number as the market knows it, whether sold or not. */
export type NumberForSale =
  | {
      readonly kind: 'personal';
      readonly countryCode: CountryCode;
      /** As dialled in the country, trunk prefix included, without the country code: `0262006200`. */
      readonly subscriber: string;
    }
  | {
      readonly kind: 'enterprise';
      /** What stands before the `#`: `62006200`. */
      readonly subscriber: string;
    };

/**
 * Reads the number somebody wants to buy, in any grouping: `02-6200-6200-082`, `6200-6200`. A branch is no part
 * of an enterprise number that is bought: it is the same in all countries (R3).
 */
export function parseNumberForSale(text: string): Result<NumberForSale, 'number-malformed'> {
  const enterprise = parseEnterpriseNumber(text);
  if (enterprise.ok) {
    const { digits, branchCountryCode } = enterprise.value;
    if (branchCountryCode === undefined) return accept({ kind: 'enterprise', subscriber: digits });
    return malformed(
      `"${text}" names a branch: buy ${digits} without #, and open branches in the countries you are in.`,
    );
  }
  const personal = parsePersonalNumber(text);
  if (!personal.ok) {
    const wants = text.includes('#') ? enterprise.refusal.detail : personal.refusal.detail;
    return malformed(`${wants} Search the numbers that are free to see how they are written.`);
  }
  const { digits, countryCode } = personal.value;
  return accept({ kind: 'personal', countryCode, subscriber: digits.slice(0, -countryCode.length) });
}

/** The number of a kind, country and subscriber digits that were checked before they were stored. */
export function numberForSale(
  kind: NumberKind,
  countryCode: CountryCode | undefined,
  subscriber: string,
): NumberForSale {
  return kind === 'personal' && countryCode !== undefined
    ? { kind, countryCode, subscriber }
    : { kind: 'enterprise', subscriber };
}

/** The digits the exchange finds the number by: `0262006200082`, `62006200`. */
export function lookupDigits(number: NumberForSale): string {
  return number.kind === 'personal' ? number.subscriber + number.countryCode : number.subscriber;
}

/** The canonical text: `02-6200-6200-082`, `6200-6200`. */
export function printNumberForSale(number: NumberForSale): string {
  if (number.kind === 'enterprise') {
    return formatEnterpriseNumber({
      kind: 'enterprise',
      digits: number.subscriber,
      branchCountryCode: undefined,
    });
  }
  return formatPersonalNumber({
    kind: 'personal',
    digits: lookupDigits(number),
    countryCode: number.countryCode,
  });
}

/** The country whose number it is; undefined of enterprise numbers, which belong to the whole world (R3). */
export function countryOf(number: NumberForSale): CountryCode | undefined {
  return number.kind === 'personal' ? number.countryCode : undefined;
}

function malformed(detail: string): Result<never, 'number-malformed'> {
  return refuse('number-malformed', detail, '/number');
}
