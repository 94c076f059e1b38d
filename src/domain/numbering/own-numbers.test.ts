import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { COUNTRY_CODES, callingCodeOf, mainCountryOf } from './country-code.ts';
import { formatE164, parseE164 } from './e164.ts';
import { formatEnterpriseNumber, parseEnterpriseNumber } from './enterprise-number.ts';
import {
  formatPersonalNumber,
  type PersonalNumber,
  parsePersonalNumber,
  pstnNumberOf,
} from './personal-number.ts';
import { sipUserOf } from './sip-user.ts';

/** A national number of some country with its code: an example of the metadata whose last digits vary. */
const personalDigits = fc
  .tuple(fc.constantFrom(...COUNTRY_CODES), fc.integer({ min: 0, max: 9999 }))
  .map(([code, tail]) => {
    const country = mainCountryOf(code);
    const significant = `${(examples as Record<string, string>)[country] ?? ''}`;
    const varied = significant.slice(0, -4) + `${tail}`.padStart(4, '0');
    const national = parsePhoneNumberFromString(`+${callingCodeOf(code)}${varied}`)?.formatNational() ?? '';
    return national.replace(/\D/g, '') + code;
  })
  .filter((digits) => parsePersonalNumber(digits).ok);

const separator = fc.constantFrom('', '', '', ' ', '-', '.', ' (', ') ', '–', '\u3000', '\u200e', '－');

/** The same digits grouped in any way. */
function grouped(text: string): fc.Arbitrary<string> {
  return fc
    .array(separator, { minLength: text.length, maxLength: text.length })
    .map((separators) => [...text].map((digit, at) => separators[at] + digit).join(''));
}

function held<Value>(result: { ok: true; value: Value } | { ok: false; refusal: unknown }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

describe('R2: personal numbers', () => {
  it.each([
    ['02-6200-6200-082', '0262006200082', '+82262006200'],
    ['212-555-0100-001', '2125550100001', '+12125550100'],
    ['03-1234-5678-081', '0312345678081', '+81312345678'],
    ['010-1234-5678-082', '01012345678082', '+821012345678'],
    ['031-234-5678-082', '0312345678082', '+82312345678'],
    ['020-7946-0958-044', '02079460958044', '+442079460958'],
    ['2200-1234-852', '22001234852', '+85222001234'],
    ['02-1234-5678-039', '0212345678039', '+390212345678'],
    ['06-1-123-4567-036', '0611234567036', '+3611234567'],
    ['8-495-123-45-67-007', '84951234567007', '+74951234567'],
    ['01-42-68-53-00-033', '0142685300033', '+33142685300'],
    ['030-123456-049', '030123456049', '+4930123456'],
    ['02-9876-5432-061', '0298765432061', '+61298765432'],
    ['6123-4567-065', '61234567065', '+6561234567'],
    ['416-555-0123-001', '4165550123001', '+14165550123'],
  ])('%s', (text, digits, e164) => {
    const number = held(parsePersonalNumber(text));
    expect(number.digits).toBe(digits);
    expect(formatPersonalNumber(number)).toBe(text);
    expect(sipUserOf(number)).toBe(digits);
    expect(pstnNumberOf(number)).toBe(e164);
  });

  it.each([
    '',
    '082',
    '0262006200',
    '262006200082',
    '0262006200999',
    '0262006200800',
    '+0262006200082',
    '+82262006200',
    '0262006200#082',
    '12125550100001',
    '212-555-0100-1',
    '02-6200-6200-082x',
    '84951234567001',
  ])('"%s" is none', (text) => {
    expect(parsePersonalNumber(text)).toMatchObject({ refusal: { code: 'personal-number-malformed' } });
  });

  it('does not let the grouping decide: a number of seven digits in Seoul is one too', () => {
    expect(formatPersonalNumber(held(parsePersonalNumber('02-6200-6200-82')))).toBe('02-620-0620-082');
  });

  it('keeps the digits the registry holds, and groups what it does not know not at all', () => {
    const number = { kind: 'personal', digits: '0999082', countryCode: '082' } as PersonalNumber;
    expect(formatPersonalNumber(number)).toBe('0999-082');
    expect(pstnNumberOf(number)).toBeUndefined();
  });

  it('the text reads back as the number, in every grouping', () => {
    fc.assert(
      fc.property(
        personalDigits.chain((digits) => fc.tuple(fc.constant(digits), grouped(digits))),
        ([digits, typed]) => {
          const number = held(parsePersonalNumber(typed));
          expect(number.digits).toBe(digits);
          const text = formatPersonalNumber(number);
          expect(formatPersonalNumber(held(parsePersonalNumber(text)))).toBe(text);
          expect(parsePersonalNumber(sipUserOf(number))).toEqual({ ok: true, value: number });
        },
      ),
    );
  });
});

describe('R2, R3: enterprise numbers', () => {
  it.each([
    ['6200-6200', '62006200', undefined, '6200-6200', '62006200'],
    ['6200-6200#082', '62006200', '082', '6200-6200#082', '62006200%23082'],
    ['62006200*001', '62006200', '001', '6200-6200#001', '62006200%23001'],
    ['６２００ ６２００＃０８１', '62006200', '081', '6200-6200#081', '62006200%23081'],
    ['6200.6200%23852', '62006200', '852', '6200-6200#852', '62006200%23852'],
  ])('%s', (typed, digits, branchCountryCode, text, user) => {
    const number = held(parseEnterpriseNumber(typed));
    expect(number).toEqual({ kind: 'enterprise', digits, branchCountryCode });
    expect(formatEnterpriseNumber(number)).toBe(text);
    expect(sipUserOf(number)).toBe(user);
  });

  it.each([
    '',
    '#082',
    '6200620',
    '620062000',
    '02006200',
    '62006200#',
    '62006200#82',
    '62006200#0082',
    '62006200#999',
    '62006200#800',
    '6200#6200#082',
    '+62006200#082',
    '0262006200#082',
    '62006200#082x',
  ])('"%s" is none', (text) => {
    expect(parseEnterpriseNumber(text)).toMatchObject({ refusal: { code: 'enterprise-number-malformed' } });
  });

  it('the text and the SIP user part read back as the number, in every grouping', () => {
    const digits = fc.integer({ min: 10_000_000, max: 99_999_999 }).map(String);
    const mark = fc.constantFrom('#', '*', '＃', '＊', '%23');
    fc.assert(
      fc.property(
        digits.chain(grouped),
        mark,
        fc.option(fc.constantFrom(...COUNTRY_CODES), { nil: undefined }),
        (typed, hash, code) => {
          const number = held(parseEnterpriseNumber(code === undefined ? typed : typed + hash + code));
          expect(number.branchCountryCode).toBe(code);
          expect(parseEnterpriseNumber(formatEnterpriseNumber(number))).toEqual({ ok: true, value: number });
          expect(parseEnterpriseNumber(sipUserOf(number))).toEqual({ ok: true, value: number });
        },
      ),
    );
  });
});

describe('ITU-T E.164: international numbers', () => {
  it.each([
    ['+82 2-6200-6200', '+82262006200'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+39 02 1234 5678', '+390212345678'],
    ['＋８１ ３ １２３４ ５６７８', '+81312345678'],
    ['+800 1234 5678', '+80012345678'],
    ['+883 5100 01012345', '+883510001012345'],
    ['+881 6 1234 5678', '+881612345678'],
  ])('%s', (text, number) => {
    expect(parseE164(text)).toEqual({ ok: true, value: number });
  });

  it.each([
    '',
    '+',
    '82262006200',
    '+0262006200',
    '+82',
    '+99912345678',
    '+822620062001234567',
    '+1+2125550100',
  ])('"%s" is none', (text) => {
    expect(parseE164(text)).toMatchObject({ refusal: { code: 'e164-malformed' } });
  });

  it('the text reads back as the number, in every grouping', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1000000n, max: 999999999999999n }).map(String),
        separator,
        (digits, gap) => {
          const read = parseE164(`+${digits.slice(0, 5)}${gap}${digits.slice(5)}`);
          fc.pre(read.ok);
          expect(parseE164(formatE164(held(read)))).toEqual(read);
          expect(sipUserOf(held(read))).toBe(formatE164(held(read)));
        },
      ),
    );
  });
});
