import { LANGUAGES, type Language } from '../../members/index.ts';
import {
  type CountryCode,
  countryCodeOf,
  parseCountry,
  parseCountryCode,
  parseE164,
} from '../../numbering/index.ts';
import type { Centre, CentreCode, CentreRun, ServiceState } from '../centre.ts';
import type { Faults } from './faults.ts';
import { Fields, type ReadItem } from './fields.ts';

export const STATES: readonly ServiceState[] = ['open', 'draining', 'closed'];
const MOST_COUNTRIES = 300;
const MOST_ACCESS_NUMBERS = 100;

/** Whether it is the name of a centre: `KR`, `US-WEST`. */
export function isCentreCode(text: string): text is CentreCode {
  return /^[A-Z0-9](?:[A-Z0-9-]{0,14}[A-Z0-9])?$/.test(text);
}

/** What shares calls among equals. */
export function shareOf(fields: Fields): { readonly priority: number; readonly weight: number } {
  return {
    priority: fields.whole('priority', { from: 0, to: 65_535 }, 10),
    weight: fields.whole('weight', { from: 1, to: 1_000 }, 100),
  };
}

/** A country as people write it, `KR` or `082`. */
export function countryReader(faults: Faults): ReadItem<CountryCode> {
  return (value, pointer) => {
    const text = typeof value === 'string' ? value : '';
    if (/^\d+$/.test(text)) {
      const code = parseCountryCode(text);
      return code.ok ? code.value : faults.add(pointer, code.refusal.detail);
    }
    const country = parseCountry(text);
    if (country.ok) return countryCodeOf(country.value);
    return faults.add(
      pointer,
      'This has to be a country: two letters (KR) or three digits in quotes ("082").',
    );
  };
}

/** Reads one centre (R1). What is wrong is noted; the centre is of use only where nothing is. */
export function readCentre(code: string, value: unknown, pointer: string, faults: Faults): Centre {
  if (!isCentreCode(code)) {
    faults.add(pointer, 'A centre is named by capital letters, digits and hyphens, at most 16: KR, US-WEST.');
  }
  const fields = new Fields(value, pointer, faults);
  const countries = fields.list('countries', MOST_COUNTRIES, countryReader(faults));
  const languages = fields.list('languages', LANGUAGES.length, languageReader(faults));
  const centre: Centre = {
    code: code as CentreCode,
    name: fields.text('name', 100, code),
    countries: [...new Set(countries)],
    run: readRun(fields, faults),
    state: fields.choice('state', STATES, 'open'),
    capacityCalls: fields.whole('capacity', { from: 1, to: 1_000_000 }, 1_000),
    languages: languages.length === 0 ? ['en'] : [...new Set(languages)],
    ...shareOf(fields),
    ...(fields.has('emergencyTrunk') ? { emergencyTrunk: fields.text('emergencyTrunk', 32) } : {}),
    accessNumbers: fields.list('accessNumbers', MOST_ACCESS_NUMBERS, (text, at) => {
      const number = parseE164(typeof text === 'string' ? text : '');
      return number.ok ? number.value : faults.add(at, number.refusal.detail);
    }),
  };
  if (countries.length === 0) faults.add(fields.at('countries'), 'Name at least one country.');
  fields.end();
  return centre;
}

function readRun(fields: Fields, faults: Faults): CentreRun {
  if (!fields.has('partner')) {
    fields.raw('partner');
    return { kind: 'own' };
  }
  const partner = new Fields(fields.raw('partner'), fields.at('partner'), faults);
  const run: CentreRun = {
    kind: 'partner',
    trunk: partner.text('trunk', 32),
    agreement: partner.text('agreement', 100),
  };
  partner.end();
  return run;
}

function languageReader(faults: Faults): ReadItem<Language> {
  return (value, pointer) =>
    LANGUAGES.find((language) => language === value) ??
    faults.add(pointer, `This has to be one of ${LANGUAGES.join(', ')}.`);
}
