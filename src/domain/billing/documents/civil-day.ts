/** A day of the calendar. */
export type CivilDay = { readonly year: number; readonly month: number; readonly day: number };

/** One formatter a zone: making one costs a thousand times as much as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The day it is in a time zone at a moment.
 * @param timeZone of the IANA database
 * @throws RangeError where there is no such zone: ask `isTimeZone` before
 */
export function civilDayOf(atMs: number, timeZone: string): CivilDay {
  const parts = formatterOf(timeZone).formatToParts(atMs);
  const numberOf = (type: 'year' | 'month' | 'day') =>
    Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
  return { year: numberOf('year'), month: numberOf('month'), day: numberOf('day') };
}

/** Whether a name stands for a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}
