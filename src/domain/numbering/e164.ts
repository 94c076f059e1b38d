import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max';
import { accept, type Result, refuse } from '../refusal/index.ts';
import { type CountryCode, isCountryCode } from './country-code.ts';
import { bareCharacters } from './dial-characters.ts';

declare const e164: unique symbol;

/** An international number (ITU-T E.164): `+82262006200`. The text is also the SIP user part (RFC 3966 §5.1.4). */
export type E164 = string & { readonly [e164]: true };

/**
 * Reads an international number in any grouping, with `+` in front: `+82 (0)2-6200-6200`. The country must
 * exist and the length be possible there; that the range is in use is not asked, since metadata of
 * the world's numbering plans are always a little behind.
 */
export function parseE164(text: string): Result<E164, 'e164-malformed'> {
  const bare = bareCharacters(text);
  const number = bare?.startsWith('+') ? e164Of(bare) : undefined;
  if (number !== undefined) return accept(number);
  return refuse(
    'e164-malformed',
    `"${text}" is not an international number: write + and country, area and number.`,
  );
}

/**
 * The number of bare characters that begin with `+`.
 * @returns undefined where no country has the code, or no number there this length
 */
export function e164Of(bare: string): E164 | undefined {
  const number = parsePhoneNumberFromString(bare, { extract: false });
  return number?.isPossible() ? settled(number.number, bare) : undefined;
}

/** The same, for a reading among others: the number must be of a range that is in use. */
export function e164InUse(bare: string): E164 | undefined {
  const number = parsePhoneNumberFromString(bare, { extract: false });
  return number?.isValid() ? settled(number.number, bare) : undefined;
}

/** A trunk prefix typed after the country code, `+44 (0)20`, is taken off once; what then has another is no number. */
function settled(number: string, bare: string): E164 | undefined {
  const again = number === bare ? number : parsePhoneNumberFromString(number, { extract: false })?.number;
  return again === number ? (number as E164) : undefined;
}

/** The country code of three digits under which a number's country is known: `082` of `+82262006200`. */
export function countryCodeOfE164(number: E164): CountryCode | undefined {
  const calling = parsePhoneNumberFromString(number, { extract: false })?.countryCallingCode;
  const code = calling?.padStart(3, '0');
  return code !== undefined && isCountryCode(code) ? code : undefined;
}

/** Whether bare characters that begin with `+` are only the beginning of an international number. */
export function isE164Begun(bare: string): boolean {
  return bare.length < 4 || validatePhoneNumberLength(bare) === 'TOO_SHORT';
}

/** The text of a number, which reads back as the same number: `+82262006200`. */
export function formatE164(number: E164): string {
  return number;
}

/**
 * Satellite networks (881) and networks that belong to no country (870, 878, 882, 883), and premium services that do
 * not either (979): numbers there cost many times what others do, and are what fraud calls.
 */
const DEAR_NETWORKS = /^\+(?:870|878|881|882|883|979)/;

/** Whether calls to a number cost extraordinarily much, so that they are made by those only who want it. */
export function isPremiumRate(number: E164): boolean {
  return DEAR_NETWORKS.test(number) || parsePhoneNumberFromString(number)?.getType() === 'PREMIUM_RATE';
}
