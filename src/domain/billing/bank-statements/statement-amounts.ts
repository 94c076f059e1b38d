import { isPayable, type Money } from '../money.ts';
import { type Currency, minorDigits } from '../money-currency.ts';

/** What stands before the decimals of a statement's amounts; undefined where nothing in it tells. */
export type DecimalMark = '.' | ',' | undefined;

/** How banks write currencies that have no sign of their own; cr is money that came in. */
const SHORT_NAMES: ReadonlySet<string> = new Set('원 円 元 kr zł ft kč fr rs lei cr'.split(' '));

/**
 * Which sign the decimals stand behind, from all the amounts of a statement: an amount tells where it has both signs,
 * or one that no group of three digits follows.
 * @returns `contradictory` where they tell different things
 */
export function decimalMarkOf(amounts: Iterable<string>): DecimalMark | 'contradictory' {
  let mark: DecimalMark;
  for (const amount of amounts) {
    const told = toldBy(digitsOf(amount));
    if (told === undefined) continue;
    if (mark !== undefined && mark !== told) return 'contradictory';
    mark = told;
  }
  return mark;
}

function toldBy(text: string): DecimalMark {
  const last = /[.,](?=\d*$)/.exec(text)?.[0] as DecimalMark;
  if (last === undefined) return undefined;
  const other = last === '.' ? ',' : '.';
  const decimals = text.length - text.lastIndexOf(last) - 1;
  const isOnce = text.indexOf(last) === text.lastIndexOf(last);
  if (!isOnce) return other;
  return decimals !== 3 || text.includes(other) ? last : undefined;
}

/**
 * Reads an amount as a bank writes it: `1,234,500`, `₩55,000원`, `1.234,50`, `(12.50)`, `12.50-`.
 * @param mark as the statement's amounts have it together
 * @returns undefined where it is none, or can be read in two ways
 */
export function readAmount(text: string, currency: Currency, mark: DecimalMark): Money | undefined {
  const plain = text.normalize('NFKC').trim();
  const digits = digitsOf(plain);
  if (!/^\d[\d.,]*$/.test(digits) || !hasOnlyNamesOfCurrenciesAround(plain, currency)) return undefined;
  const grouping = mark === ',' ? '.' : ',';
  if (mark === undefined) {
    if (/[.,]/.test(digits) && minorDigits(currency) === 3) return undefined;
    if (!/^\d{1,3}(?:[.,]\d{3})*$|^\d+$/.test(digits)) return undefined;
  }
  const ungrouped = mark === undefined ? digits.replace(/[.,]/g, '') : digits.replaceAll(grouping, '');
  const parts = /^(\d{1,12})(?:[.,](\d{0,6}))?$/.exec(ungrouped);
  if (parts === null) return undefined;
  const [, whole = '', fraction = ''] = parts;
  const size = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const money = { currency, micros: isNegative(plain) ? -size : size };
  return isPayable(money) ? money : undefined;
}

function isNegative(text: string): boolean {
  return /^[^\d]*[-−(]|[-−)]$/.test(text);
}

/** Whatever else stands beside the digits may be a digit that was mistyped, or say that the money went out. */
function hasOnlyNamesOfCurrenciesAround(text: string, currency: Currency): boolean {
  const [, before = '', after = ''] = /^(\D*)\d(?:.*\d)?(\D*)$/s.exec(text) ?? [];
  return [before, after].every((around) => {
    const name = around.replace(/\p{L}{0,3}\p{Sc}|[\s+\-−().,]/gu, '').toLowerCase();
    return name === '' || name === currency.toLowerCase() || SHORT_NAMES.has(name);
  });
}

/** The digits with what stands between them, without signs and names of currencies around. */
function digitsOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^[^\d]+|[^\d]+$/g, '')
    .replace(/[\s'’]/g, '');
}
