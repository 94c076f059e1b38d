import { TimeZone, type WallTime } from '../tariffs/index.ts';
import type { PeriodKind } from './agreement.ts';

/** What is settled together: calls that end at `fromMs` or later, and before `untilMs`. In milliseconds since 1970. */
export type Period = {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The day on which it begins, as the clocks of its zone have it: `2026-11-01`. */
  readonly name: string;
};

/** How periods are cut. @see Agreement */
export type Cutting = { readonly timeZone: string; readonly period: PeriodKind };

const DAY_MS = 86_400_000;

/** The period to which a moment belongs. */
export function periodAt(atMs: number, cutting: Cutting): Period {
  const zone = new TimeZone(cutting.timeZone);
  const { year, month, day } = zone.wallTimeAt(atMs);
  const first = firstDay({ year, month, day }, cutting.period);
  return periodFrom(momentOf(zone, first), cutting);
}

/**
 * The period that begins at a moment and ends where the agreement cuts next. It is shorter than others where the
 * agreement cut otherwise before, so that no call is left out or settled twice.
 */
export function periodFrom(fromMs: number, cutting: Cutting): Period {
  const zone = new TimeZone(cutting.timeZone);
  const { year, month, day } = zone.wallTimeAt(fromMs);
  const today = { year, month, day };
  const next = nextFirstDay(firstDay(today, cutting.period), cutting.period);
  return { fromMs, untilMs: momentOf(zone, next), name: dayText(today) };
}

type Day = Pick<WallTime, 'year' | 'month' | 'day'>;

function firstDay({ year, month, day }: Day, period: PeriodKind): Day {
  switch (period) {
    case 'month':
      return { year, month, day: 1 };
    case 'half-month':
      return { year, month, day: day < 16 ? 1 : 16 };
    case 'week':
      // ISO 8601 §3.1.1.23: weeks begin on Monday. 1970 began on a Thursday.
      return plusDays({ year, month, day }, -((((dayNumber({ year, month, day }) + 3) % 7) + 7) % 7));
  }
}

function nextFirstDay({ year, month, day }: Day, period: PeriodKind): Day {
  if (period === 'week') return plusDays({ year, month, day }, 7);
  if (period === 'half-month' && day === 1) return { year, month, day: 16 };
  return month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
}

const GREENWICH = 'Etc/UTC';

function dayNumber({ year, month, day }: Day): number {
  return momentOf(new TimeZone(GREENWICH), { year, month, day }) / DAY_MS;
}

function plusDays(from: Day, days: number): Day {
  const { year, month, day } = new TimeZone(GREENWICH).wallTimeAt((dayNumber(from) + days) * DAY_MS);
  return { year, month, day };
}

/** When a day begins: at midnight, or where clocks leave midnight out, when they do. */
function momentOf(zone: TimeZone, day: Day): number {
  return zone.momentOf({ ...day, hour: 0, minute: 0, second: 0 });
}

function dayText({ year, month, day }: Day): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join(
    '-',
  );
}
