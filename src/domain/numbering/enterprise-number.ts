import { accept, type Result, refuse } from '../refusal/index.ts';
import { type CountryCode, parseCountryCode } from './country-code.ts';
import { bareCharacters, isDigits } from './dial-characters.ts';

/** A VNS number: the number of an enterprise, the same in all countries, `6200-6200` or `6200-6200#082` (R2, R3). */
export type EnterpriseNumber = {
  readonly kind: 'enterprise';
  /** What is looked up: the eight digits before the `#`. */
  readonly digits: string;
  /** The country whose branch is meant, where one was named after the `#`. */
  readonly branchCountryCode: CountryCode | undefined;
};

/** Why text with or without `#` is no enterprise number; `begun` where more digits could make it one. */
export type NotEnterprise = { readonly begun: boolean; readonly detail: string };

/** Eight digits, the first not 0: so that no enterprise number begins with a trunk or an access prefix. */
const DIGITS = 8;

/** Reads an enterprise number in any grouping; `#` may be `*`, `＃` or `%23`: `6200-6200#082`. */
export function parseEnterpriseNumber(text: string): Result<EnterpriseNumber, 'enterprise-number-malformed'> {
  const bare = bareCharacters(text.replaceAll('%23', '#'));
  const read =
    bare === undefined ? { begun: false, detail: 'It has other characters.' } : readEnterpriseNumber(bare);
  if ('kind' in read) return accept(read);
  return refuse(
    'enterprise-number-malformed',
    `"${text}" is not an enterprise number, as 6200-6200 or 6200-6200#082. ${read.detail}`,
  );
}

/** Reads bare characters, as {@link bareCharacters} returns them, as an enterprise number. */
export function readEnterpriseNumber(bare: string): EnterpriseNumber | NotEnterprise {
  const [digits = '', suffix, ...more] = bare.split('#');
  if (more.length > 0) return { begun: false, detail: 'It has more than one #.' };
  if (digits === '') return { begun: false, detail: 'There is no number before the #.' };
  if (!isDigits(digits) || digits.startsWith('0') || digits.length > DIGITS) {
    return {
      begun: false,
      detail:
        'The number before the # must have eight digits and not begin with 0; a personal number never carries #.',
    };
  }
  if (digits.length < DIGITS)
    return { begun: true, detail: 'The number before the # has fewer than eight digits.' };
  if (suffix === undefined) return { kind: 'enterprise', digits, branchCountryCode: undefined };
  if (suffix.length < 3)
    return { begun: true, detail: 'The country code of three digits after the # is not complete.' };
  const code = parseCountryCode(suffix);
  if (!code.ok) return { begun: false, detail: code.refusal.detail };
  return { kind: 'enterprise', digits, branchCountryCode: code.value };
}

/** The enterprise number of digits that the registry holds, dialled without a branch. */
export function registeredEnterpriseNumber(digits: string): EnterpriseNumber {
  return { kind: 'enterprise', digits, branchCountryCode: undefined };
}

/** The canonical text: `6200-6200`, `6200-6200#082`. */
export function formatEnterpriseNumber(number: EnterpriseNumber): string {
  const text = `${number.digits.slice(0, DIGITS / 2)}-${number.digits.slice(DIGITS / 2)}`;
  return number.branchCountryCode === undefined ? text : `${text}#${number.branchCountryCode}`;
}
