import { accept, type Result, refuse } from '../refusal/index.ts';
import { type CountryCode, isCountryCode } from './country-code.ts';
import { bareCharacters, isDigits } from './dial-characters.ts';
import { countryCodeOfE164, type E164 } from './e164.ts';
import { type NationalForm, nationalDigitsOf, nationalForm } from './national-form.ts';

/** A PIN: the number of an individual, `02-6200-6200-082` (R2, C6). */
export type PersonalNumber = {
  readonly kind: 'personal';
  /** What is dialled and what is looked up: the national number with its trunk prefix, then the country code. */
  readonly digits: string;
  readonly countryCode: CountryCode;
};

/** How many digits a country code has. */
const CODE_DIGITS = 3;

/**
 * Reads a PIN in any grouping: `02-6200-6200-082`, `0262006200082`, `(02) 6200 6200 082`. The part before the
 * country code must be a number of that country, as it is dialled there.
 */
export function parsePersonalNumber(text: string): Result<PersonalNumber, 'personal-number-malformed'> {
  const bare = bareCharacters(text);
  const number = bare === undefined || !isDigits(bare) ? undefined : personalNumberByShape(bare);
  if (number !== undefined) return accept(number);
  return refuse(
    'personal-number-malformed',
    `"${text}" is not a personal number: write the number as it is dialled in its country, then the country code of three digits, as in 02-6200-6200-082.`,
  );
}

/** The PIN of digits that end in a country code and are a national number there before it, else undefined. */
export function personalNumberByShape(digits: string): PersonalNumber | undefined {
  return nationalFormOf(digits) === undefined ? undefined : registeredPersonalNumber(digits);
}

/** The PIN of digits that the registry holds; that they have the shape was seen when they were sold. */
export function registeredPersonalNumber(digits: string): PersonalNumber {
  return { kind: 'personal', digits, countryCode: digits.slice(-CODE_DIGITS) as CountryCode };
}

/** The number under which the PSTN of its country knows a PIN: `+82262006200` of `02-6200-6200-082` (R16). */
export function pstnNumberOf(number: PersonalNumber): NationalForm['e164'] | undefined {
  return nationalFormOf(number.digits)?.e164;
}

/** The PIN under which the holder of a PSTN number would be found: the inverse of {@link pstnNumberOf}. */
export function personalNumberOf(number: E164): PersonalNumber | undefined {
  const digits = nationalDigitsOf(number);
  const code = countryCodeOfE164(number);
  return digits === undefined || code === undefined ? undefined : registeredPersonalNumber(digits + code);
}

/** The canonical text of a PIN, in the groups its country writes: `02-6200-6200-082`, `212-555-0100-001`. */
export function formatPersonalNumber(number: PersonalNumber): string {
  const groups = nationalFormOf(number.digits)?.groups ?? [number.digits.slice(0, -CODE_DIGITS)];
  return [...groups, number.countryCode].join('-');
}

function nationalFormOf(digits: string): NationalForm | undefined {
  const code = digits.slice(-CODE_DIGITS);
  return isCountryCode(code) ? nationalForm(digits.slice(0, -CODE_DIGITS), code) : undefined;
}
