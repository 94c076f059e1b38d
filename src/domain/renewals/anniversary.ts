import { TimeZone } from '../billing/tariffs/index.ts';

/** One set of clocks a zone: making one costs a thousand times as much as using it. */
const zones = new Map<string, TimeZone>();

/**
 * The same day and time of day some years later, as the calendar of a time zone counts them. It is counted from the
 * first day, not from year to year, so that what begins on 29 February ends on the 28th only in years without one.
 * @param timeZone of the IANA database, for which `isTimeZone` is true
 */
export function anniversary(startedAtMs: number, years: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const { year, ...rest } = zone.wallTimeAt(startedAtMs);
  const wanted = { ...rest, year: year + years };
  if (rest.month === 2 && rest.day === 29 && !isLeapYear(wanted.year)) wanted.day = 28;
  // Clocks on the wall show no thousandths.
  return zone.momentOf(wanted) + (((startedAtMs % 1_000) + 1_000) % 1_000);
}

function zoneOf(name: string): TimeZone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const made = new TimeZone(name);
  zones.set(name, made);
  return made;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
