import type { RE2JS } from 're2js';
import { accept, type Result, refuse } from '../refusal/index.ts';
import { compilePattern } from './compiled-pattern.ts';
import { type CountryCode, callingCodeOf } from './country-code.ts';

/** How a number of an operator becomes what the operator wants to receive: data, not code (R15). */
export type Conversion =
  /** The digits as they were dialled. */
  | { readonly kind: 'as-dialled' }
  /** Takes `strip` digits off the front and puts `prepend` there. */
  | { readonly kind: 'replace-prefix'; readonly strip: number; readonly prepend: string }
  /** `+`, the calling code, and the digits without the first `strip`: a trunk prefix. */
  | { readonly kind: 'international'; readonly countryCode: CountryCode; readonly strip: number };

/** A rule as it is written down. */
export type WrittenRule = {
  /** A regular expression of RE2's syntax; it must match the whole of the digits. */
  readonly pattern: string;
  readonly conversion: Conversion;
  /** The home countries whose callers may dial so; absent: all. Operators have a plan for each country. */
  readonly callersFrom?: readonly CountryCode[];
};

/** A rule whose pattern was found fit. Only {@link operatorPlan} makes one. */
export type OperatorRule = WrittenRule & { readonly matches: (digits: string) => boolean };

/** The number plan of another operator; of its rules the first that matches counts. */
export type OperatorPlan = {
  readonly operatorId: string;
  readonly name: string;
  readonly rules: readonly OperatorRule[];
};

/**
 * Makes the plan of an operator from its written rules. Patterns come from people, so they run in an engine
 * whose time grows with the length of the digits only; what that engine cannot do is refused, and so is a
 * pattern that would match everything.
 */
export function operatorPlan(
  operatorId: string,
  name: string,
  written: readonly WrittenRule[],
): Result<OperatorPlan, 'operator-pattern-refused'> {
  const rules: OperatorRule[] = [];
  for (const [at, rule] of written.entries()) {
    const compiled = compilePlanPattern(rule.pattern);
    if (typeof compiled === 'string') {
      return refuse(
        'operator-pattern-refused',
        `The pattern "${rule.pattern}" ${compiled}.`,
        `/rules/${at}/pattern`,
      );
    }
    rules.push({ ...rule, matches: (digits) => compiled.matches(digits) });
  }
  return accept({ operatorId, name, rules });
}

/**
 * What a plan makes of dialled digits: what is sent to the operator; undefined where no rule matches.
 * @param callerFrom where it is dialled; without one, rules for any country count
 */
export function convertForOperator(
  plan: OperatorPlan,
  digits: string,
  callerFrom?: CountryCode,
): string | undefined {
  const isFor = (callersFrom: readonly CountryCode[] | undefined) =>
    callersFrom === undefined || callerFrom === undefined || callersFrom.includes(callerFrom);
  const rule = plan.rules.find(({ callersFrom, matches }) => isFor(callersFrom) && matches(digits));
  return rule === undefined ? undefined : converted(rule.conversion, digits);
}

function converted(conversion: Conversion, digits: string): string {
  switch (conversion.kind) {
    case 'as-dialled':
      return digits;
    case 'replace-prefix':
      return conversion.prepend + digits.slice(conversion.strip);
    case 'international':
      return `+${callingCodeOf(conversion.countryCode)}${digits.slice(conversion.strip)}`;
  }
}

/** The compiled pattern, or the reason why it is refused as the rest of a sentence. */
function compilePlanPattern(pattern: string): RE2JS | string {
  const compiled = compilePattern(pattern);
  if (typeof compiled === 'string') return compiled;
  const everything = ['0', '5', '1234567', '0262006200082', '12125550100'];
  return everything.every((digits) => compiled.matches(digits)) ? 'matches every number' : compiled;
}
