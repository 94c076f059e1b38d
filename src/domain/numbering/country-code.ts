import {
  getCountries,
  getCountryCallingCode,
  type CountryCode as Iso,
  isSupportedCountry,
} from 'libphonenumber-js/max';
import { accept, type Result, refuse } from '../refusal/index.ts';

/** A country by its ISO 3166 alpha-2 name: `KR`. Several countries may share one country code. */
export type Country = Iso;

declare const countryCode: unique symbol;

/** The ITU calling code of a country as three digits, padded with zeros: `'082'`. It is text, never a number (R2). */
export type CountryCode = string & { readonly [countryCode]: true };

/** Where several countries share a code, the one whose dialling rules stand for all where nothing more is known. */
const MAIN_COUNTRIES: Readonly<Record<string, Country>> = {
  '001': 'US',
  '007': 'RU',
  '039': 'IT',
  '044': 'GB',
  '047': 'NO',
  '061': 'AU',
  '212': 'MA',
  '262': 'RE',
  '290': 'SH',
  '358': 'FI',
  '590': 'GP',
  '599': 'CW',
};

/** Calling codes of no country (ITU-T E.164.1): freephone, satellites, networks, disaster relief, premium rate. */
const NON_GEOGRAPHIC: readonly string[] = ['800', '808', '870', '878', '881', '882', '883', '888', '979'];

const CODE_OF_COUNTRY = new Map<Country, CountryCode>();
const COUNTRIES_OF_CODE = new Map<string, readonly Country[]>();
for (const country of getCountries()) {
  const code = getCountryCallingCode(country).padStart(3, '0') as CountryCode;
  CODE_OF_COUNTRY.set(country, code);
  COUNTRIES_OF_CODE.set(code, [...(COUNTRIES_OF_CODE.get(code) ?? []), country]);
}
for (const [code, main] of Object.entries(MAIN_COUNTRIES)) {
  const others = (COUNTRIES_OF_CODE.get(code) ?? []).filter((country) => country !== main);
  COUNTRIES_OF_CODE.set(code, [main, ...others]);
}

/** Every country code that can have a communication centre, in ascending order. */
export const COUNTRY_CODES: readonly CountryCode[] = [...new Set(CODE_OF_COUNTRY.values())].sort();

/** Whether three digits are the code of a country. */
export function isCountryCode(text: string): text is CountryCode {
  return COUNTRIES_OF_CODE.has(text);
}

/** Whether three digits are a calling code that belongs to no country and so has no centre (`800`, `881`, …). */
export function isNonGeographicCode(text: string): boolean {
  return NON_GEOGRAPHIC.includes(text);
}

/**
 * Reads a country code: exactly three digits. `82` and `+82` are refused, since what is not written
 * in full was perhaps meant otherwise.
 */
export function parseCountryCode(
  text: string,
): Result<CountryCode, 'country-code-unknown' | 'country-code-not-geographic'> {
  if (isCountryCode(text)) return accept(text);
  if (isNonGeographicCode(text)) {
    return refuse('country-code-not-geographic', `The code ${text} belongs to no country and has no centre.`);
  }
  const padded = text.replace(/^\+/, '').padStart(3, '0');
  const hint = isCountryCode(padded) ? ` Write ${padded}.` : '';
  return refuse('country-code-unknown', `"${text}" is not a country code of three digits.${hint}`);
}

/** Reads the ISO 3166 alpha-2 name of a country in either case: `KR`, `kr`. */
export function parseCountry(text: string): Result<Country, 'country-unknown'> {
  const name = text.toUpperCase();
  if (isSupportedCountry(name)) return accept(name);
  return refuse('country-unknown', `"${text}" is not a country by ISO 3166: write two letters, as in KR.`);
}

/** The code of a country: `'082'` of `KR`. */
export function countryCodeOf(country: Country): CountryCode {
  const code = CODE_OF_COUNTRY.get(country);
  if (code === undefined) throw new Error(`no calling code for ${country}`);
  return code;
}

/** The countries that share a code, the main one first: `['KR']`, `['US', 'AG', …]`. */
export function countriesOf(code: CountryCode): readonly Country[] {
  return COUNTRIES_OF_CODE.get(code) ?? [];
}

/** The country whose dialling rules stand for a code where nothing more is known: `US` of `001`. */
export function mainCountryOf(code: CountryCode): Country {
  const [main] = countriesOf(code);
  if (main === undefined) throw new Error(`no country for the code ${code}`);
  return main;
}

/** The calling code as it follows a `+`: `82` of `082`. */
export function callingCodeOf(code: CountryCode): string {
  return code.replace(/^0+/, '');
}
