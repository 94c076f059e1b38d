import { type Conversion, operatorPlan, type WrittenRule } from '../../numbering/index.ts';
import type { Operator } from '../operator.ts';
import type { Faults } from './faults.ts';
import { Fields, type ReadItem } from './fields.ts';
import { countryReader } from './read-centre.ts';
import { isPlainName } from './read-trunk.ts';

const MOST_RULES = 200;
const MOST_TRUNKS = 20;
const MOST_COUNTRIES = 300;

/** Reads another operator: its number plan and the trunks that lead to it (R15). */
export function readOperator(id: string, value: unknown, pointer: string, faults: Faults): Operator {
  if (!isPlainName(id)) {
    faults.add(pointer, 'An operator is named by small letters, digits and hyphens, at most 32: tello.');
  }
  const fields = new Fields(value, pointer, faults);
  const operator: Operator = {
    id,
    name: fields.text('name', 100, id),
    rules: fields.list('rules', MOST_RULES, ruleReader(faults)),
    trunks: fields.list('trunks', MOST_TRUNKS, (name, at) =>
      typeof name === 'string' ? name : faults.add(at, 'This has to be the name of a trunk.'),
    ),
  };
  if (operator.rules.length === 0)
    faults.add(fields.at('rules'), 'Name at least one rule of its number plan.');
  if (operator.trunks.length === 0)
    faults.add(fields.at('trunks'), 'Name at least one trunk that leads to it.');
  fields.end();
  const plan = operatorPlan(id, operator.name, operator.rules);
  if (!plan.ok) faults.add(pointer + (plan.refusal.pointer ?? ''), plan.refusal.detail);
  return operator;
}

function ruleReader(faults: Faults): ReadItem<WrittenRule> {
  return (value, pointer) => {
    const fields = new Fields(value, pointer, faults);
    const pattern = fields.text('pattern', 200);
    const written = fields.raw('conversion') ?? 'as-dialled';
    const conversion = readConversion(written, fields.at('conversion'), faults);
    const callersFrom = fields.list('callersFrom', MOST_COUNTRIES, countryReader(faults));
    fields.end();
    return { pattern, conversion, ...(callersFrom.length === 0 ? {} : { callersFrom }) };
  };
}

/** `as-dialled`, `{ strip, prepend }`, or `{ country, strip }` for a number of the PSTN there. */
function readConversion(value: unknown, pointer: string, faults: Faults): Conversion {
  if (value === 'as-dialled') return { kind: 'as-dialled' };
  const fields = new Fields(value, pointer, faults);
  const strip = fields.whole('strip', { from: 0, to: 40 }, 0);
  let conversion: Conversion;
  if (fields.has('country')) {
    const countryCode = countryReader(faults)(fields.raw('country'), fields.at('country'));
    conversion =
      countryCode === undefined ? { kind: 'as-dialled' } : { kind: 'international', countryCode, strip };
  } else conversion = { kind: 'replace-prefix', strip, prepend: fields.text('prepend', 32, '') };
  fields.end();
  return conversion;
}
