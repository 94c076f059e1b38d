import { describe, expect, it } from 'vitest';
import {
  COUNTRY_CODES,
  callingCodeOf,
  countriesOf,
  countryCodeOf,
  mainCountryOf,
  parseCountry,
  parseCountryCode,
} from './country-code.ts';

describe('R2: country codes', () => {
  it.each([
    ['082', 'KR'],
    ['081', 'JP'],
    ['001', 'US'],
    ['852', 'HK'],
    ['007', 'RU'],
    ['044', 'GB'],
    ['039', 'IT'],
    ['061', 'AU'],
  ] as const)('%s is first of all %s', (code, country) => {
    const read = parseCountryCode(code);
    expect(read.ok && mainCountryOf(read.value)).toBe(country);
    expect(countryCodeOf(country)).toBe(code);
  });

  it('lists the countries that share a code, each of which has that code', () => {
    for (const code of COUNTRY_CODES) {
      expect(code).toMatch(/^\d{3}$/);
      expect(countriesOf(code).map(countryCodeOf)).toEqual(countriesOf(code).map(() => code));
    }
    expect(countriesOf(countryCodeOf('RU'))).toEqual(['RU', 'KZ']);
    expect(countriesOf(countryCodeOf('US'))).toEqual(expect.arrayContaining(['CA', 'JM', 'PR']));
    expect(new Set(countriesOf(countryCodeOf('GB')))).toEqual(new Set(['GB', 'GG', 'IM', 'JE']));
  });

  it.each(['800', '808', '870', '878', '881', '882', '883', '888', '979'])('%s has no centre', (code) => {
    expect(parseCountryCode(code)).toMatchObject({ refusal: { code: 'country-code-not-geographic' } });
  });

  it.each(['', '82', '+82', '0082', '999', '000', '08２', 'KR', '082 '])('"%s" is refused', (text) => {
    expect(parseCountryCode(text)).toMatchObject({ refusal: { code: 'country-code-unknown' } });
  });

  it('says how a short code is written in full', () => {
    expect(parseCountryCode('+82')).toMatchObject({ refusal: { detail: expect.stringContaining('082') } });
  });

  it('takes the zeros off for use after a +', () => {
    expect(callingCodeOf(countryCodeOf('KR'))).toBe('82');
    expect(callingCodeOf(countryCodeOf('US'))).toBe('1');
  });

  it('reads countries in either case and refuses others', () => {
    expect(parseCountry('kr')).toEqual({ ok: true, value: 'KR' });
    expect(parseCountry('Korea')).toMatchObject({ refusal: { code: 'country-unknown' } });
    expect(parseCountry('constructor')).toMatchObject({ ok: false });
    expect(parseCountry('ZZ')).toMatchObject({ ok: false });
  });
});
