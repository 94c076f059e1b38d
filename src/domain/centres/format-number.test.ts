import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Country, countryCodeOf, type E164 } from '../numbering/index.ts';
import {
  calledAsItIs,
  calledFor,
  callingFor,
  checkNumberFormat,
  readCalled,
  readCalling,
} from './format-number.ts';
import type { NumberForm, NumberFormat, NumberRule } from './trunk.ts';

function format(
  country: Country,
  form: NumberForm = 'e164',
  rules: readonly NumberRule[] = [],
  inbound: readonly NumberRule[] = [],
): NumberFormat {
  return {
    country: countryCodeOf(country),
    called: { form, rules },
    calling: { form, rules: [] },
    inboundCalled: inbound,
    inboundCalling: inbound,
  };
}

describe('R14: a number in the form of a trunk', () => {
  it.each<[Country, NumberForm, string, string]>([
    ['KR', 'e164', '+82262006200', '+82262006200'],
    ['KR', 'digits', '+82262006200', '82262006200'],
    ['KR', 'double-zero', '+82262006200', '0082262006200'],
    ['KR', 'national', '+82262006200', '0262006200'],
    ['KR', 'national', '+12125550100', '00112125550100'],
    ['US', 'national', '+82262006200', '01182262006200'],
    ['US', 'national', '+12125550100', '2125550100'],
    ['JP', 'national', '+82262006200', '01082262006200'],
    ['IT', 'national', '+390612345678', '0612345678'],
    ['HU', 'national', '+3612345678', '0612345678'],
    ['RU', 'national', '+74951234567', '84951234567'],
  ])('%s, %s: %s is %s', (country, form, number, written) => {
    expect(calledFor(format(country, form), number as E164)).toBe(written);
    expect(callingFor(format(country, form), number as E164)).toBe(written);
  });

  it.each<[string, NumberRule[], string]>([
    [
      'the first rule that matches the whole number counts',
      [
        { pattern: '001', strip: 3, prepend: '9' },
        { pattern: '001(.+)', replace: '00700$1' },
        { pattern: '.+', strip: 0, prepend: '8' },
      ],
      '0070012125550100',
    ],
    [
      'alternatives mean the whole number as well',
      [{ pattern: '00112125550100|7', strip: 3, prepend: '' }],
      '12125550100',
    ],
    [
      'no rule leaves nothing of a number',
      [{ pattern: '.*[0-9]', strip: 40, prepend: '' }],
      '00112125550100',
    ],
    [
      'no rule makes it longer than numbers are',
      [{ pattern: '.+', strip: 0, prepend: '1'.repeat(60) }],
      '00112125550100',
    ],
    ['where none matches it stays', [{ pattern: '99.+', strip: 2, prepend: '' }], '00112125550100'],
  ])('%s', (_, rules, written) => {
    expect(calledFor(format('KR', 'national', rules), '+12125550100' as E164)).toBe(written);
  });

  it('an emergency number has no form', () => {
    expect(calledAsItIs(format('KR', 'national'), '119')).toBe('119');
  });

  it('any number in any form is some characters, and not too many', () => {
    const forms = fc.constantFrom<NumberForm>('e164', 'digits', 'double-zero', 'national');
    const rule = fc.record({
      pattern: fc.constantFrom('.+', '0.*', '[+].*'),
      strip: fc.nat(70),
      prepend: fc.constantFrom('', '9', '00'),
    });
    fc.assert(
      fc.property(forms, fc.array(rule, { maxLength: 3 }), (form, rules) => {
        const written = calledFor(format('KR', form, rules), '+82262006200' as E164);
        expect(written.length > 0 && written.length <= 64).toBe(true);
      }),
    );
  });
});

describe('R18: who calls by a trunk', () => {
  it.each<[Country, string, string]>([
    ['KR', '+821033334444', '+821033334444'],
    ['KR', '01033334444', '+821033334444'],
    ['KR', '1033334444', '+821033334444'],
    ['KR', '00112125550100', '+12125550100'],
    ['KR', '0012125550100', '+12125550100'],
    ['US', '2125550100', '+12125550100'],
    ['IT', '0612345678', '+390612345678'],
    ['HU', '0612345678', '+3612345678'],
    ['RU', '84951234567', '+74951234567'],
    ['KR', '119', '119'],
    ['KR', 'somebody', 'somebody'],
  ])('%s: %s is %s', (country, written, number) => {
    expect(readCalling(format(country), written)).toBe(number);
  });

  it('by rules of the trunk first', () => {
    const inbound = [{ pattern: '9(.+)', replace: '$1' }];
    expect(readCalled(format('KR', 'e164', [], inbound), '90262006200')).toBe('0262006200');
    expect(readCalling(format('KR', 'e164', [], inbound), '901033334444')).toBe('+821033334444');
  });
});

describe('a format that cannot be used', () => {
  it.each<[string, NumberRule]>([
    ['a pattern that is none', { pattern: '(', strip: 0, prepend: '' }],
    ['one that matches nothing', { pattern: '.*', strip: 0, prepend: '' }],
    ['one that explodes', { pattern: '((((a{50}){50}){50}){50})', strip: 0, prepend: '' }],
    ['one without end', { pattern: 'a'.repeat(300), strip: 0, prepend: '' }],
    ['a group there is not', { pattern: '0(.+)', replace: '$2' }],
    ['a $ that names none', { pattern: '0(.+)', replace: '$x' }],
    ['a backslash', { pattern: '0(.+)', replace: '1\\' }],
  ])('is refused for %s', (_, rule) => {
    expect(checkNumberFormat(format('KR', 'e164', [rule]))).toMatchObject({
      refusal: { code: 'number-rule-refused', pointer: '/numbers/called/rules/0/pattern' },
    });
  });

  it('is none that good rules make', () => {
    expect(checkNumberFormat(format('KR', 'e164', [{ pattern: '0(.+)', replace: '82$1' }])).ok).toBe(true);
  });
});
