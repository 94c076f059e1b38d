import { type CountryCode, countryCodeOf } from '../../numbering/index.ts';
import type { NumberForm, NumberFormat, NumberRule } from '../trunk.ts';
import type { Faults } from './faults.ts';
import { Fields, type ReadItem } from './fields.ts';
import { countryReader } from './read-centre.ts';

const FORMS: readonly NumberForm[] = ['e164', 'digits', 'double-zero', 'national'];
const MOST_RULES = 50;

/** Reads how numbers are written on a trunk. Whether the patterns can be used is judged by `checkNumberFormat`. */
export function readNumberFormat(value: unknown, pointer: string, faults: Faults): NumberFormat {
  const fields = new Fields(value ?? {}, pointer, faults);
  const rules = ruleReader(faults);
  const written = fields.raw('country');
  const country: CountryCode | undefined = countryReader(faults)(written, fields.at('country'));
  const format: NumberFormat = {
    country: country ?? countryCodeOf('KR'),
    called: outward(fields, 'called', rules, faults),
    calling: outward(fields, 'calling', rules, faults),
    inboundCalled: fields.list('inboundCalled', MOST_RULES, rules),
    inboundCalling: fields.list('inboundCalling', MOST_RULES, rules),
  };
  fields.end();
  return format;
}

function outward(fields: Fields, name: string, rules: ReadItem<NumberRule>, faults: Faults) {
  const inner = new Fields(fields.raw(name) ?? {}, fields.at(name), faults);
  const read = {
    form: inner.choice('form', FORMS, 'e164'),
    rules: inner.list('rules', MOST_RULES, rules),
  };
  inner.end();
  return read;
}

function ruleReader(faults: Faults): ReadItem<NumberRule> {
  return (value, pointer) => {
    const fields = new Fields(value, pointer, faults);
    const pattern = fields.text('pattern', 200);
    const rule: NumberRule = fields.has('replace')
      ? { pattern, replace: fields.text('replace', 64) }
      : {
          pattern,
          strip: fields.whole('strip', { from: 0, to: 64 }, 0),
          prepend: fields.text('prepend', 32, ''),
        };
    fields.raw('replace');
    fields.end();
    return rule;
  };
}
