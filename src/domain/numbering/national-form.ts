import { Metadata, parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max';
import { type CountryCode, callingCodeOf, mainCountryOf } from './country-code.ts';
import type { E164 } from './e164.ts';

/** A number as it is dialled within its country, trunk prefix included. */
export type NationalForm = {
  /** `0262006200` */
  readonly digits: string;
  /** The groups the country writes it in: `['02', '6200', '6200']`. */
  readonly groups: readonly string[];
  readonly e164: E164;
};

/**
 * Reads digits as a number in use in a country, exactly as that country writes it: with its trunk
 * prefix where it has one (Italy keeps the 0, Hungary has 06, Russia 8, Hong Kong none).
 */
export function nationalForm(digits: string, code: CountryCode): NationalForm | undefined {
  const form = lenientForm(digits, code);
  return form?.digits === digits ? form : undefined;
}

/** An international number as it is dialled within its country, trunk prefix included: `0262006200`. */
export function nationalDigitsOf(number: E164): string | undefined {
  const parsed = parsePhoneNumberFromString(number, { extract: false });
  return parsed?.formatNational().match(/\d+/g)?.join('');
}

/** The number that digits are in a country, with its trunk prefix or without; undefined where they are none. */
export function nationalNumber(digits: string, code: CountryCode): E164 | undefined {
  return lenientForm(digits, code)?.e164;
}

/**
 * Reads digits as somebody in the country dials them. More is allowed than {@link nationalForm}: a trunk or
 * carrier prefix that need not be there (`1 212…` in North America, `0 15 11…` in Brazil). Less is not: without
 * its trunk prefix a number would be a subscriber's of the own area.
 */
export function dialledNationally(digits: string, code: CountryCode): NationalForm | undefined {
  const form = lenientForm(digits, code);
  if (form === undefined || form.digits === digits) return form;
  const significant = form.e164.slice(1 + callingCodeOf(code).length);
  const prefix = digits.slice(0, -significant.length);
  if (prefix === '' || prefix + significant !== digits) return undefined;
  // `82 2…` in Korea is an international number that lacks its +, not a national one; `1 212…` in the US is.
  return prefix === callingCodeOf(code) && prefix !== '1' ? undefined : form;
}

/** Whether digits are too few for a number of the country. */
export function isNationalBegun(digits: string, code: CountryCode): boolean {
  return digits.length < 3 || validatePhoneNumberLength(digits, mainCountryOf(code)) === 'TOO_SHORT';
}

/**
 * What follows the international access prefix of the caller's country (`001`, `00700` in Korea, `010` in Japan, `011` in
 * North America, `810` in Russia, `00` in most).
 * @returns undefined where the digits do not begin with one
 */
export function afterAccessPrefix(
  digits: string,
  code: CountryCode,
): { readonly prefix: string; readonly rest: string } | undefined {
  const prefix = accessPrefixOf(code).exec(digits)?.[0];
  return prefix ? { prefix, rest: digits.slice(prefix.length) } : undefined;
}

function lenientForm(digits: string, code: CountryCode): NationalForm | undefined {
  const number = parsePhoneNumberFromString(digits, { defaultCountry: mainCountryOf(code), extract: false });
  if (number?.countryCallingCode !== callingCodeOf(code) || !number.isValid()) return undefined;
  const groups = number.formatNational().match(/\d+/g) ?? [];
  return { digits: groups.join(''), groups, e164: number.number as string as E164 };
}

/** An international access prefix that works in a country, the one usual there: `001`, `010`, `011`, `810`, `00`. */
export function accessPrefixText(code: CountryCode): string {
  return USUAL_ACCESS_PREFIXES[code] ?? '00';
}

/** Those other than the `00` of ITU-T E.164; of several carriers' prefixes the first. */
const USUAL_ACCESS_PREFIXES: Readonly<Record<string, string>> = {
  '001': '011',
  '007': '810',
  '061': '0011',
  '081': '010',
  '082': '001',
  '852': '001',
  '886': '002',
};

const ACCESS_PREFIXES = new Map<CountryCode, RegExp>();

function accessPrefixOf(code: CountryCode): RegExp {
  const known = ACCESS_PREFIXES.get(code);
  if (known !== undefined) return known;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(mainCountryOf(code));
  // A country without a prefix of its own in the metadata has the one the ITU recommends (E.164).
  const made = new RegExp(`^(?:${metadata.numberingPlan?.IDDPrefix() ?? '00'})`);
  ACCESS_PREFIXES.set(code, made);
  return made;
}
