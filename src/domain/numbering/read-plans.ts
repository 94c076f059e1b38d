import { type CountryCode, callingCodeOf, mainCountryOf } from './country-code.ts';
import type { DialContext, PlanReading, Reading, ReadingStep, StepCode } from './dialled.ts';
import { e164InUse, isE164Begun } from './e164.ts';
import { afterAccessPrefix, dialledNationally, isNationalBegun, nationalForm } from './national-form.ts';
import { convertForOperator } from './operator-plan.ts';
import { formatPersonalNumber, personalNumberByShape } from './personal-number.ts';

/** Where the steps of a reading are noted, when somebody wants to know them. */
export type Trail = ReadingStep[] | undefined;

type PstnReading = PlanReading & { readonly kind: 'pstn' };

/**
 * Steps 7 to 9: reads digits that nobody holds by the shapes of the number plans. All three are tried, and if
 * more than one reading survives, none is chosen: a guess may ring a stranger and cost money.
 */
export function readByPlans(digits: string, context: DialContext, trail: Trail): Reading {
  const readings: PlanReading[] = [
    ...operatorReadings(digits, context, trail),
    ...personalReading(digits, trail),
    ...pstnReading(digits, context, trail),
  ];
  return verdictOf(readings, digits, context, trail);
}

/** Step 9 alone, for `tel:` URIs, which name telephone numbers only (RFC 3966). */
export function readAsTelephoneNumber(digits: string, context: DialContext, trail: Trail): Reading {
  return verdictOf(pstnReading(digits, context, trail), digits, context, trail);
}

function verdictOf(
  readings: readonly PlanReading[],
  digits: string,
  context: DialContext,
  trail: Trail,
): Reading {
  const [first, ...others] = readings;
  if (first === undefined) return unreadable(digits, context);
  if (others.length === 0) return first;
  trail?.push({
    code: 'verdict',
    fits: false,
    sentence: `${readings.length} readings are possible, so none is chosen.`,
  });
  return { kind: 'ambiguous', readings };
}

/** Step 7. */
function operatorReadings(digits: string, context: DialContext, trail: Trail): PlanReading[] {
  const readings: PlanReading[] = [];
  for (const plan of context.operators) {
    const converted = convertForOperator(plan, digits, context.from);
    if (converted === undefined) continue;
    readings.push({ kind: 'operator', operatorId: plan.operatorId, digits, converted });
    trail?.push({
      code: 'operator-plan',
      fits: true,
      sentence: `It is a number of ${plan.name}, which wants it as ${converted}.`,
    });
  }
  if (readings.length === 0) {
    trail?.push({
      code: 'operator-plan',
      fits: false,
      sentence: `It is in none of the plans of ${context.operators.length} other operators.`,
    });
  }
  return readings;
}

/** Step 8. */
function personalReading(digits: string, trail: Trail): PlanReading[] {
  const number = personalNumberByShape(digits);
  if (trail !== undefined) {
    const sentence =
      number === undefined
        ? 'It is not a number of some country followed by the country code.'
        : `It has the shape of the personal number ${formatPersonalNumber(number)}.`;
    trail.push({ code: 'personal-shape', fits: number !== undefined, sentence });
  }
  return number === undefined ? [] : [{ kind: 'own', number }];
}

/** Step 9: of the three forms the first that fits, since they are one plan and its own order. */
function pstnReading(digits: string, context: DialContext, trail: Trail): PstnReading[] {
  for (const [code, read] of PSTN_FORMS) {
    const reading = read(digits, context);
    const country = mainCountryOf(context.from);
    if (reading !== undefined) {
      trail?.push({ code, fits: true, sentence: `${FORM_WORDS[code]} ${country} it is ${reading.number}.` });
      return [reading];
    }
    trail?.push({ code, fits: false, sentence: `${FORM_WORDS[code]} ${country} it is nothing.` });
  }
  return [];
}

const FORM_WORDS = {
  'access-prefix': 'With the international access prefix of',
  national: 'As a national number of',
  local: 'As a number of the caller’s own area in',
} as const satisfies Partial<Record<StepCode, string>>;

const PSTN_FORMS: readonly (readonly [
  keyof typeof FORM_WORDS,
  (digits: string, context: DialContext) => PstnReading | undefined,
])[] = [
  [
    'access-prefix',
    (digits, { from }) => {
      const rest = afterAccessPrefix(digits, from)?.rest ?? '';
      const number = rest === '' ? undefined : e164InUse(`+${rest}`);
      return number && { kind: 'pstn', number, form: 'access-prefix' };
    },
  ],
  [
    'national',
    (digits, { from }) => {
      const number = dialledNationally(digits, from)?.e164;
      return number && { kind: 'pstn', number, form: 'national' };
    },
  ],
  [
    'local',
    (digits, { from, areaCode }) => {
      const number = areaCode === undefined ? undefined : nationalForm(areaCode + digits, from)?.e164;
      return number && { kind: 'pstn', number, form: 'local' };
    },
  ],
];

/** Nothing fits: whether more digits could have helped, which is 484, or not, which is 404. */
function unreadable(digits: string, context: DialContext): Reading {
  const country = mainCountryOf(context.from);
  const access = afterAccessPrefix(digits, context.from);
  if (access !== undefined && isE164Begun(`+${access.rest}`)) {
    return { kind: 'incomplete', detail: `After the access prefix ${access.prefix} a number is only begun.` };
  }
  if (isNationalBegun(digits, context.from)) {
    return { kind: 'incomplete', detail: `It is too short for a number of ${country}.` };
  }
  const code = cutPersonalNumber(digits, context.from);
  if (code !== undefined) {
    return {
      kind: 'incomplete',
      detail: `It lacks the end of the country code ${code} of a personal number.`,
    };
  }
  const calling = callingCodeOf(context.from);
  const missing = digits.startsWith(calling) ? e164InUse(`+${digits}`) : undefined;
  const hint = missing === undefined ? '' : ` An international number begins with +: ${missing}.`;
  return { kind: 'unknown', detail: `Nobody holds it, and it is no number as dialled in ${country}.${hint}` };
}

/** The caller's country code where the digits are a personal number of that country without its last one or two. */
function cutPersonalNumber(digits: string, from: CountryCode): CountryCode | undefined {
  const cut = [1, 2].some((missing) => {
    const begun = from.slice(0, -missing);
    return digits.endsWith(begun) && nationalForm(digits.slice(0, -begun.length), from) !== undefined;
  });
  return cut ? from : undefined;
}
