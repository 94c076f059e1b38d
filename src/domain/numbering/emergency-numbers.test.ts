import { describe, expect, it } from 'vitest';
import { COUNTRY_CODES, countriesOf } from './country-code.ts';
import { emergencyNumbersOf, isEmergencyNumber, isEmergencyNumberAnywhere } from './emergency-numbers.ts';

const countries = COUNTRY_CODES.flatMap((code) => countriesOf(code));

describe('R12: emergency numbers', () => {
  it('are known for every country, as two to five digits', () => {
    for (const country of countries) {
      const numbers = [...emergencyNumbersOf(country)];
      expect(numbers.length, country).toBeGreaterThan(0);
      for (const number of numbers) {
        expect(number).toMatch(/^\d{2,5}$/);
        expect(isEmergencyNumber(number, country)).toBe(true);
        expect(isEmergencyNumber(`${number}0000`, country)).toBe(false);
      }
    }
  });

  it.each([
    ['KR', '911'],
    ['US', '119'],
    ['US', '211'],
    ['GB', '911'],
    ['JP', '112'],
  ] as const)('in %s %s is none', (country, digits) => {
    expect(isEmergencyNumber(digits, country)).toBe(false);
  });

  it.each([
    ['112', true],
    ['119', true],
    ['110', true],
    ['911', true],
    ['12', false],
    ['114514', false],
    ['', false],
  ])('%s is one somewhere: %s', (digits, isOne) => {
    expect(isEmergencyNumberAnywhere(digits)).toBe(isOne);
  });

  it('are never so long that a number of our own plan could be one', () => {
    expect(
      Math.max(
        ...countries.flatMap((country) => [...emergencyNumbersOf(country)].map(({ length }) => length)),
      ),
    ).toBeLessThan(8);
  });
});
