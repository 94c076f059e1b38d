/** How a statement writes days whose year stands last. */
export type DayOrder = 'day-first' | 'month-first' | undefined;

/** Which of the two stands first, from all the days of a statement; undefined where none tells. */
export function dayOrderOf(dates: Iterable<string>): DayOrder | 'contradictory' {
  let order: DayOrder;
  for (const date of dates) {
    const [, first = '', sign = '', second = ''] = YEAR_LAST.exec(date.trim()) ?? [];
    const told = toldBy(Number(first), sign, Number(second));
    if (told === undefined) continue;
    if (order !== undefined && order !== told) return 'contradictory';
    order = told;
  }
  return order;
}

const YEAR_FIRST =
  /^(\d{4})\s*(?:[-./]|년)\s*(\d{1,2})\s*(?:[-./]|월)\s*(\d{1,2})\s*(?:일)?\.?(?:[T\s]+(.*))?$/;
const PLAIN = /^(\d{4})(\d{2})(\d{2})(?:\s*(\d{2}:?\d{2}.*))?$/;
const YEAR_LAST = /^(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?:[,T\s]+(.*))?$/;

/** With points the day stands first wherever that is written. */
function toldBy(first: number, sign: string, second: number): DayOrder {
  if (sign === '.' || first > 12) return 'day-first';
  return second > 12 ? 'month-first' : undefined;
}

/**
 * Reads a day as a bank writes it, with the time where there is one: `2026.11.25 13:45:10`, `20261125`, `25/11/2026`.
 * @returns `2026-11-25` and `13:45:10`; undefined where it is none, or can be read in two ways
 */
export function readDay(
  text: string,
  order: DayOrder,
): { readonly day: string; readonly time?: string } | undefined {
  const plain = text.normalize('NFKC').trim();
  const first = YEAR_FIRST.exec(plain) ?? PLAIN.exec(plain);
  if (first !== null) return dayOf(first[1], first[2], first[3], first[4]);
  const last = YEAR_LAST.exec(plain);
  const read = last?.[2] === '.' ? 'day-first' : order;
  if (last === null || read === undefined) return undefined;
  const [day, month] = read === 'day-first' ? [last[1], last[3]] : [last[3], last[1]];
  return dayOf(last[4], month, day, last[5]);
}

function dayOf(year = '', month = '', day = '', time = '') {
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  if (!isDay) return undefined;
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return time === '' ? { day: text } : { day: text, time: time.trim() };
}
