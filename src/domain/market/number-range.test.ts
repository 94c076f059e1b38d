import { describe, expect, it } from 'vitest';
import { countryCodeOf } from '../numbering/index.ts';
import { judgeSale, priceIn } from './judge-sale.ts';
import { isMemorable } from './memorable.ts';
import { lookupDigits, numberForSale, parseNumberForSale, printNumberForSale } from './number-for-sale.ts';
import {
  doRangesCollide,
  isInRange,
  type NumberRange,
  parseNumberRange,
  printRange,
} from './number-range.ts';

const KOREA = countryCodeOf('KR');

function range(text: string, country: typeof KOREA | undefined = undefined): NumberRange {
  const read = parseNumberRange(text, country);
  if (!read.ok) throw new Error(read.refusal.detail);
  const price = { currency: 'KRW', micros: 10_000_000n } as const;
  return {
    ...read.value,
    id: text,
    price,
    memorableSurcharge: { ...price, micros: 5_000_000n },
    renewalPrice: { ...price, micros: 8_000_000n },
    addedAtMs: 0,
  };
}

function number(text: string) {
  const read = parseNumberForSale(text);
  if (!read.ok) throw new Error(read.refusal.detail);
  return read.value;
}

describe('R6: the number a buyer writes', () => {
  it.each([
    ['02-6200-6200-082', '0262006200082', '02-6200-6200-082'],
    ['(02) 6200 6200 082', '0262006200082', '02-6200-6200-082'],
    ['212 555 0100 001', '2125550100001', '212-555-0100-001'],
    ['6200.6200', '62006200', '6200-6200'],
  ])('%s', (text, digits, canonical) => {
    expect(lookupDigits(number(text))).toBe(digits);
    expect(printNumberForSale(number(text))).toBe(canonical);
    expect(number(canonical)).toEqual(number(text));
  });

  it.each(['', '6200-620', '6200-6200#082', '02-6200-6200', '02-6200-6200-999', '+82 2 6200 6200', 'number'])(
    '"%s" is refused with what to do',
    (text) => {
      const { refusal } = parseNumberForSale(text) as { refusal: { code: string; detail: string } };
      expect(refusal.code).toBe('number-malformed');
      expect(refusal.detail).toMatch(/buy 62006200|Search/);
    },
  );
});

describe("R2: ranges of the provider's own numbers", () => {
  it.each([
    ['02-6200-XXXX', KOREA, '026200XXXX'],
    ['212-555-01xx', countryCodeOf('US'), '21255501XX'],
    ['6200-XXXX', undefined, '6200XXXX'],
  ])('%s', (text, country, printed) => {
    expect(printRange(range(text, country))).toBe(printed);
  });

  it.each([
    ['02-6200-6200', KOREA],
    ['02-6200-XX00', KOREA],
    ['6200-XXXX', KOREA],
    ['999-6200-XXXX', KOREA],
    ['02-6200-XXXX', undefined],
    ['0200-XXXX', undefined],
    ['XXXXXXXX', undefined],
    ['6200-XXX', undefined],
    ['', undefined],
  ])('%s of %s is refused', (text, country) => {
    expect(parseNumberRange(text, country)).toMatchObject({ refusal: { code: 'number-range-malformed' } });
  });

  it('have the numbers that begin with their digits and are as long, of their kind and country', () => {
    expect(isInRange(range('02-6200-XXXX', KOREA), number('02-6200-0000-082'))).toBe(true);
    expect(isInRange(range('02-6200-XXXX', KOREA), number('02-6201-0000-082'))).toBe(false);
    expect(isInRange(range('6200-XXXX'), numberForSale('personal', KOREA, '62006200'))).toBe(false);
    expect(isInRange(range('6200-XXXX'), numberForSale('enterprise', undefined, '620062000'))).toBe(false);
  });

  it('collide where one number begins like another', () => {
    expect(doRangesCollide(range('62XX-XXXX'), range('6200-XXXX'))).toBe(true);
    expect(doRangesCollide(range('6200-XXXX'), range('6201-XXXX'))).toBe(false);
    const korean = range('02-6200-XXXX', KOREA);
    expect(doRangesCollide(korean, { ...korean, countryCode: countryCodeOf('JP') })).toBe(false);
  });
});

describe('R7, R24: what can be sold, and for how much', () => {
  it.each(['7777', '6600', '6262', '6226', '1234', '4321', '0123', '9876'])('…%s is memorable', (tail) => {
    expect(isMemorable(`6200${tail}`)).toBe(true);
    expect(priceIn(range('6200-XXXX'), `6200${tail}`).micros).toBe(15_000_000n);
  });

  it.each(['6201', '1235', '7778', '6252', '2468', '9012'])('…%s is not', (tail) => {
    expect(isMemorable(`6200${tail}`)).toBe(false);
    expect(priceIn(range('6200-XXXX'), `6200${tail}`).micros).toBe(10_000_000n);
  });

  it('individuals buy personal numbers, enterprises enterprise numbers, all of them in a range', () => {
    const ranges = [range('02-6200-XXXX', KOREA), range('6200-XXXX')];
    const judge = (text: string, buyer: 'individual' | 'enterprise') => {
      const answer = judgeSale(number(text), buyer, ranges);
      return answer.ok ? answer.value.micros : answer.refusal.code;
    };
    expect(judge('02-6200-6201-082', 'individual')).toBe(10_000_000n);
    expect(judge('6200-6201', 'enterprise')).toBe(10_000_000n);
    expect(judge('02-6200-6201-082', 'enterprise')).toBe('number-kind-refused');
    expect(judge('6200-6201', 'individual')).toBe('number-kind-refused');
    expect(judge('02-6201-6201-082', 'individual')).toBe('number-not-for-sale');
  });
});
