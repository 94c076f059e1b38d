import { parseArgs } from 'node:util';
import {
  type Country,
  type CountryCode,
  countryCodeOf,
  type Dialled,
  explainDialled,
  mainCountryOf,
  parseCountry,
  parseCountryCode,
  type Reading,
  type ReadingStep,
  readDialled,
  sipUserOf,
  textOfReading,
} from '../domain/numbering/index.ts';
import type { Result } from '../domain/refusal/index.ts';
import type { Command, Output } from './commands.ts';

const USAGE = `omnidial parse "<text>" --from <country> [--present-in <country>] [--area <digits>] [--json]

Reads what somebody dials, as the exchange would, and shows every step. No service is needed; so nothing
is known of numbers that somebody holds, and numbers are read by their shape alone.

  --from         the caller's home: two letters (KR) or a country code (082)
  --present-in   where the terminal is, if elsewhere: its emergency numbers count
  --area         the caller's area with its trunk prefix (02), for numbers dialled without one
  --json         one JSON object instead of text

Exit codes: 0 read, 1 incomplete, ambiguous or unknown, 2 called wrongly.
`;

/** `omnidial parse`: reads a dialled string (R12) without a service. */
export const parse: Command = (args, out) => {
  const asked = readArguments(args);
  if (asked === 'help') {
    out.stdout(USAGE);
    return 0;
  }
  if (typeof asked === 'string') {
    out.stderr(`omnidial parse: ${asked}\n\n${USAGE}`);
    return 2;
  }
  const dialled = readDialled(asked.text, {
    from: asked.from.code,
    presentIn: asked.presentIn.code,
    presentCountry: asked.presentIn.country,
    ...(asked.area === undefined ? {} : { areaCode: asked.area }),
    registry: { holds: () => undefined },
    operators: [],
  });
  const steps = explainDialled(dialled);
  if (asked.json) printJson(dialled, steps, out);
  else printText(dialled, steps, out);
  return ['ambiguous', 'incomplete', 'unknown'].includes(dialled.kind) ? 1 : 0;
};

type Place = { readonly code: CountryCode; readonly country: Country };

type Asked = {
  readonly text: string;
  readonly from: Place;
  readonly presentIn: Place;
  readonly area: string | undefined;
  readonly json: boolean;
};

/** What was asked for, or a sentence that says what is wrong with the arguments. */
function readArguments(args: string[]): Asked | 'help' | string {
  let parsed: ReturnType<typeof parseWith>;
  try {
    parsed = parseWith(args);
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0)
    return 'Give exactly one text to read; quote it where it has spaces.';
  if (values.from === undefined) return 'Say with --from where the caller is at home, as in --from KR.';
  const from = placeOf(values.from);
  if (!from.ok) return from.refusal.detail;
  const presentIn = placeOf(values['present-in'] ?? values.from);
  if (!presentIn.ok) return presentIn.refusal.detail;
  if (values.area !== undefined && !/^\d{1,6}$/.test(values.area))
    return '--area takes digits, as in --area 02.';
  return { text, from: from.value, presentIn: presentIn.value, area: values.area, json: values.json };
}

function parseWith(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      'present-in': { type: 'string' },
      area: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function placeOf(text: string): Result<Place> {
  if (/^\d/.test(text)) {
    const code = parseCountryCode(text);
    return code.ok ? { ok: true, value: { code: code.value, country: mainCountryOf(code.value) } } : code;
  }
  const country = parseCountry(text);
  return country.ok
    ? { ok: true, value: { code: countryCodeOf(country.value), country: country.value } }
    : country;
}

function printJson(dialled: Dialled, steps: readonly ReadingStep[], out: Output): void {
  const { raw, context, ...reading } = dialled;
  const { from, presentIn, presentCountry, areaCode } = context;
  const shown = {
    raw,
    context: { from, presentIn, presentCountry, areaCode },
    ...withText(reading),
    steps,
  };
  out.stdout(`${JSON.stringify(shown, undefined, 2)}\n`);
}

/** A reading with its canonical text, and with the SIP user part where it is a number of ours or an international one. */
function withText(reading: Reading): object {
  if (reading.kind === 'ambiguous') return { ...reading, readings: reading.readings.map(withText) };
  return { ...reading, text: textOfReading(reading), sipUser: sipUserOfReading(reading) };
}

function sipUserOfReading(reading: Reading): string | undefined {
  if (reading.kind === 'pstn') return sipUserOf(reading.number);
  return reading.kind === 'own' && reading.number.kind !== 'alias' ? sipUserOf(reading.number) : undefined;
}

function printText(dialled: Dialled, steps: readonly ReadingStep[], out: Output): void {
  out.stdout(`${titleOf(dialled)}\n`);
  if (dialled.kind === 'ambiguous') {
    for (const reading of dialled.readings) out.stdout(`  either  ${titleOf(reading)}\n`);
  }
  for (const { code, fits, sentence } of steps) {
    out.stdout(`  ${fits ? '✓' : '·'} ${code.padEnd(17)}  ${sentence}\n`);
  }
}

function titleOf(reading: Reading): string {
  const text = textOfReading(reading);
  switch (reading.kind) {
    case 'own':
      return `${reading.number.kind} number ${text}  (sip user ${sipUserOfReading(reading)})`;
    case 'pstn':
      return `telephone number ${text}`;
    case 'operator':
      return `number of the operator ${reading.operatorId}: ${text}`;
    case 'email':
      return `address ${text}`;
    case 'domain':
      return `domain ${text}`;
    case 'emergency':
      return `emergency number ${text} of ${reading.country}`;
    case 'ambiguous':
      return `ambiguous: ${reading.readings.length} readings`;
    case 'incomplete':
    case 'unknown':
      return `${reading.kind}: ${reading.detail}`;
  }
}
