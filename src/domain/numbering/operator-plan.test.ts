import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryCodeOf } from './country-code.ts';
import { type Conversion, convertForOperator, type OperatorPlan, operatorPlan } from './operator-plan.ts';

const KR = countryCodeOf('KR');
const US = countryCodeOf('US');
const AS_DIALLED: Conversion = { kind: 'as-dialled' };

function planOf(...rules: Parameters<typeof operatorPlan>[2]): OperatorPlan {
  const plan = operatorPlan('north', 'North Telephone', rules);
  if (!plan.ok) throw new Error(plan.refusal.detail);
  return plan.value;
}

describe('R15: operators’ plans are rules', () => {
  it.each([
    ['0701[0-9]{7}', AS_DIALLED, '07012345678', '07012345678'],
    ['070[0-9]{8}', { kind: 'international', countryCode: KR, strip: 1 }, '07012345678', '+827012345678'],
    ['747[0-9]{7}', { kind: 'replace-prefix', strip: 3, prepend: '1' }, '7471234567', '11234567'],
    ['[2-9][0-9]{5}', { kind: 'replace-prefix', strip: 0, prepend: '000' }, '234567', '000234567'],
  ] as const)('%s with %j makes of %s %s', (pattern, conversion, digits, converted) => {
    expect(convertForOperator(planOf({ pattern, conversion }), digits, KR)).toBe(converted);
  });

  it('matches the whole of the digits only', () => {
    const plan = planOf({ pattern: '070[0-9]{2}', conversion: AS_DIALLED });
    expect(convertForOperator(plan, '07012', KR)).toBe('07012');
    expect(convertForOperator(plan, '070123', KR)).toBeUndefined();
    expect(convertForOperator(plan, '107012', KR)).toBeUndefined();
  });

  it('takes the first rule that matches, of those for the caller’s country', () => {
    const plan = planOf(
      {
        pattern: '5[0-9]{3}',
        conversion: { kind: 'replace-prefix', strip: 1, prepend: '82' },
        callersFrom: [KR],
      },
      { pattern: '5[0-9]{3}', conversion: AS_DIALLED },
    );
    expect(convertForOperator(plan, '5123', KR)).toBe('82123');
    expect(convertForOperator(plan, '5123', US)).toBe('5123');
  });
});

describe('R15: patterns come from people', () => {
  it.each([
    ['(', 'cannot be used'],
    ['(?=1)1', 'cannot be used'],
    ['(1)\\1', 'cannot be used'],
    ['1{1001}', 'cannot be used'],
    ['(((1{30}){30}){30})', 'cannot be used'],
    ['(1{30}){30}1{900}', 'too large'],
    ['1'.repeat(201), 'longer than 200'],
    ['', 'matches the empty string'],
    ['1*', 'matches the empty string'],
    ['.+', 'matches every number'],
    ['[0-9]{1,40}', 'matches every number'],
  ])('%s is refused', (pattern, why) => {
    expect(operatorPlan('north', 'North', [{ pattern, conversion: AS_DIALLED }])).toMatchObject({
      refusal: {
        code: 'operator-pattern-refused',
        detail: expect.stringContaining(why),
        pointer: '/rules/0/pattern',
      },
    });
  });

  it('any text is a plan or a refusal, never a throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'0123456789') }),
        (pattern, digits) => {
          const plan = operatorPlan('north', 'North', [{ pattern, conversion: AS_DIALLED }]);
          expect(plan.ok ? [undefined, digits] : [undefined]).toContain(
            plan.ok ? convertForOperator(plan.value, digits, KR) : undefined,
          );
        },
      ),
    );
  });

  it('a pattern on which a backtracking engine would take years is matched at once', () => {
    const plan = planOf({ pattern: '(1+)+2', conversion: AS_DIALLED });
    expect(convertForOperator(plan, '1'.repeat(40), KR)).toBeUndefined();
    expect(convertForOperator(plan, `${'1'.repeat(39)}2`, KR)).toBe(`${'1'.repeat(39)}2`);
  });
});
