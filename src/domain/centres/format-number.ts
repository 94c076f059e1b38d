import { RE2JS } from 're2js';
import {
  accessPrefixText,
  type CountryCode,
  compilePattern,
  countryCodeOfE164,
  type E164,
  nationalDigitsOf,
  nationalNumber,
  parseE164,
} from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import type { NumberForm, NumberFormat, NumberRule } from './trunk.ts';

/** A rule's text after rewriting may not be longer: it is a number still. */
const MOST_CHARACTERS = 64;

/** Patterns compiled before, since every call would compile them again; few trunks have many. */
const COMPILED = new Map<string, RE2JS | string>();
const MOST_COMPILED = 10_000;

/** One decision on the way of a number to or from a trunk. */
export type FormatStep = { readonly sentence: string; readonly result: string };

type Steps = FormatStep[] | undefined;

/** Whether every pattern of a format can be used. @returns refused with the pointer to the first that cannot */
export function checkNumberFormat(format: NumberFormat): Result<NumberFormat, 'number-rule-refused'> {
  const lists: readonly (readonly [string, readonly NumberRule[]])[] = [
    ['called/rules', format.called.rules],
    ['calling/rules', format.calling.rules],
    ['inboundCalled', format.inboundCalled],
    ['inboundCalling', format.inboundCalling],
  ];
  for (const [where, rules] of lists) {
    for (const [at, rule] of rules.entries()) {
      const fault = faultOf(rule);
      if (fault === undefined) continue;
      return refuse('number-rule-refused', fault, `/numbers/${where}/${at}/pattern`);
    }
  }
  return accept(format);
}

function faultOf(rule: NumberRule): string | undefined {
  const compiled = compiledOf(rule.pattern);
  if (typeof compiled === 'string') return `The pattern "${rule.pattern}" ${compiled}.`;
  if (!('replace' in rule)) return undefined;
  if (/[$\\]/.test(rule.replace.replace(/\$\d+/g, ''))) {
    return `"${rule.replace}" has a $ or \\ that names no group, as $1 does.`;
  }
  const missing = [...rule.replace.matchAll(/\$(\d+)/g)].find(
    ([, group]) => Number(group) > compiled.groupCount(),
  );
  if (missing === undefined) return undefined;
  return `The pattern "${rule.pattern}" has no group ${missing[1]}, which "${rule.replace}" names.`;
}

/** The number that is called, as the trunk wants it: the user part of its URI, unescaped (R14). */
export function calledFor(format: NumberFormat, number: E164, steps?: Steps): string {
  return outward(number, format.called.form, format.called.rules, format, steps);
}

/** The number that calls, as the trunk wants it. */
export function callingFor(format: NumberFormat, number: E164, steps?: Steps): string {
  return outward(number, format.calling.form, format.calling.rules, format, steps);
}

/** What is no number of E.164, an operator's own or an emergency number: it has no form, and the rules see it as it is. */
export function calledAsItIs(format: NumberFormat, digits: string, steps?: Steps): string {
  return ruled(digits, format.called.rules, steps);
}

/** What a trunk calls us for, as somebody in its country would dial it. */
export function readCalled(format: NumberFormat, text: string, steps?: Steps): string {
  return ruled(text, format.inboundCalled, steps);
}

/** Who calls us by a trunk, as E.164 where it is a number of the PSTN; else as it was written. */
export function readCalling(format: NumberFormat, text: string, steps?: Steps): string {
  const number = ruled(text, format.inboundCalling, steps);
  const result = number.startsWith('+') ? number : (asDialledFrom(format.country, number) ?? number);
  steps?.push({ sentence: 'It is read as a number of the PSTN.', result });
  return result;
}

/** With the access prefix of the country, with the `00` of ITU-T E.164, or as a number of the country itself. */
function asDialledFrom(country: CountryCode, number: string): E164 | undefined {
  for (const access of [accessPrefixText(country), '00']) {
    const read = number.startsWith(access) ? parseE164(`+${number.slice(access.length)}`) : undefined;
    if (read?.ok === true) return read.value;
  }
  return nationalNumber(number, country);
}

function outward(
  number: E164,
  form: NumberForm,
  rules: readonly NumberRule[],
  format: NumberFormat,
  steps: Steps,
): string {
  const written = inForm(number, form, format);
  steps?.push({ sentence: `It is written in the form ${form}.`, result: written });
  return ruled(written, rules, steps);
}

function inForm(number: E164, form: NumberForm, { country }: NumberFormat): string {
  switch (form) {
    case 'e164':
      return number;
    case 'digits':
      return number.slice(1);
    case 'double-zero':
      return `00${number.slice(1)}`;
    case 'national':
      return countryCodeOfE164(number) === country
        ? (nationalDigitsOf(number) ?? number)
        : accessPrefixText(country) + number.slice(1);
  }
}

/** The first rule whose pattern matches the whole number counts; where none does, the number stays. */
function ruled(number: string, rules: readonly NumberRule[], steps: Steps): string {
  for (const rule of rules) {
    const compiled = compiledOf(rule.pattern);
    if (typeof compiled === 'string' || !compiled.matches(number)) continue;
    const made = rewritten(number, rule, compiled);
    // A number that a rule leaves nothing of, or makes into none, would be called wrongly.
    if (made === '' || made.length > MOST_CHARACTERS) continue;
    steps?.push({ sentence: `The rule ${rule.pattern} matches it.`, result: made });
    return made;
  }
  if (rules.length > 0) steps?.push({ sentence: 'No rule matches it, and it stays.', result: number });
  return number;
}

function rewritten(number: string, rule: NumberRule, compiled: RE2JS): string {
  if ('replace' in rule) return compiled.matcher(number).replaceFirst(rule.replace);
  return rule.prepend + number.slice(rule.strip);
}

/** A pattern means the whole number, whatever alternatives it has. */
function compiledOf(pattern: string): RE2JS | string {
  const known = COMPILED.get(pattern);
  if (known !== undefined) return known;
  if (COMPILED.size >= MOST_COMPILED) COMPILED.clear();
  const checked = compilePattern(pattern);
  const compiled = typeof checked === 'string' ? checked : RE2JS.compile(`^(?:${pattern})$`);
  COMPILED.set(pattern, compiled);
  return compiled;
}
