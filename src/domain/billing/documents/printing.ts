import { type Money, printAmount } from '../money.ts';
import { civilDayOf } from './civil-day.ts';
import type { DocumentLanguage, DocumentPeriod, DocumentQuantity } from './document.ts';
import { UNITS } from './words.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A day in words: `2026년 11월 25일`, `25 November 2026`. */
export function printDay(atMs: number, timeZone: string, language: DocumentLanguage): string {
  const { year, month, day } = civilDayOf(atMs, timeZone);
  return language === 'ko' ? `${year}년 ${month}월 ${day}일` : `${day} ${MONTHS[month - 1]} ${year}`;
}

/** A period by its first and last day, short enough for a column: `2026-11-01 – 2026-11-30`. */
export function printPeriod({ fromMs, untilMs }: DocumentPeriod, timeZone: string): string {
  const [first, last] = [isoDay(fromMs, timeZone), isoDay(untilMs - 1, timeZone)];
  return first === last ? first : `${first} – ${last}`;
}

function isoDay(atMs: number, timeZone: string): string {
  const { year, month, day } = civilDayOf(atMs, timeZone);
  return [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
}

/** An amount for a column: the currency's decimals, thousands apart, no currency: `55,000`, `-1,234.50`. */
export function printGrouped(money: Money): string {
  return printAmount(money).replace(/\d+/, grouped);
}

/** An amount that stands by itself: `₩55,000`, `USD 12.50`; in English always with the currency's code. */
export function printTotal(money: Money, language: DocumentLanguage): string {
  const text = printGrouped(money);
  if (language === 'en' || money.currency !== 'KRW') return `${money.currency} ${text}`;
  return text.startsWith('-') ? `-₩${text.slice(1)}` : `₩${text}`;
}

/** How much of something: `3`, `12 months`, `1,284 calls`, and seconds as hours, minutes, seconds: `51:07:09`. */
export function printQuantity({ count, unit }: DocumentQuantity, language: DocumentLanguage): string {
  if (unit === 'second') {
    const twoDigits = (part: bigint) => part.toString().padStart(2, '0');
    return `${grouped((count / 3600n).toString())}:${twoDigits((count / 60n) % 60n)}:${twoDigits(count % 60n)}`;
  }
  return `${grouped(count.toString())}${UNITS[language][unit](count)}`;
}

/** Digits in groups of three. */
function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
