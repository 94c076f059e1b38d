/** A date and a time of day as a clock on the wall shows them. */
export type WallTime = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

const DAY_MS = 86_400_000;

/** Whether the name is one of the IANA time zone database, as this platform has it. */
export function isTimeZone(name: string): boolean {
  // Offsets such as +09:00 would be taken too, and know nothing of summer time.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,62}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The clocks of one time zone. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;

  /** @param name for which {@link isTimeZone} is true */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the clocks show at a moment, in milliseconds since 1970. */
  wallTimeAt(atMs: number): WallTime {
    const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of this.#format.formatToParts(atMs)) {
      if (Object.hasOwn(parts, type)) parts[type as keyof WallTime] = Number(value);
    }
    return parts;
  }

  /**
   * When the clocks show this, in milliseconds since 1970: for the first time where they show it twice, and where they
   * leave it out in spring, when they do.
   */
  momentOf(wall: WallTime): number {
    const asUtcMs = utcMsOf(wall);
    const before = this.#offsetMsAt(asUtcMs - DAY_MS);
    const after = this.#offsetMsAt(asUtcMs + DAY_MS);
    for (const offsetMs of [before, after]) {
      if (this.#offsetMsAt(asUtcMs - offsetMs) === offsetMs) return asUtcMs - offsetMs;
    }
    return asUtcMs - before;
  }

  #offsetMsAt(atMs: number): number {
    return utcMsOf(this.wallTimeAt(atMs)) - Math.floor(atMs / 1_000) * 1_000;
  }
}

/** The moment at which a clock in Greenwich shows this, in milliseconds since 1970. */
export function utcMsOf({ year, month, day, hour, minute, second }: WallTime): number {
  return daysSince1970(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000;
}

/** Whether the calendar has this day and the clock this time. */
export function isWallTime({ year, month, day, hour, minute, second }: WallTime): boolean {
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  );
}

function daysOf(year: number, month: number): number {
  const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return daysSince1970(nextYear, nextMonth, 1) - daysSince1970(year, month, 1);
}

/** Of the Gregorian calendar: its years are counted from March, so that the leap day is the last of a year. */
function daysSince1970(year: number, month: number, day: number): number {
  const fromMarch = month > 2 ? year : year - 1;
  const leapDays = Math.floor(fromMarch / 4) - Math.floor(fromMarch / 100) + Math.floor(fromMarch / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const DAYS_UNTIL_1970 = 719_468;
  return fromMarch * 365 + leapDays + dayOfYear - DAYS_UNTIL_1970;
}
