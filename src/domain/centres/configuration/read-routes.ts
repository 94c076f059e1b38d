import { type Currency, isCurrency } from '../../billing/index.ts';
import type { CarrierRoute } from '../carrier-route.ts';
import { MOST_FAULTS } from './faults.ts';

/** All routes of a list, or the lines that are wrong. */
export type RoutesReading =
  | { readonly ok: true; readonly routes: readonly CarrierRoute[] }
  | { readonly ok: false; readonly faults: readonly { readonly line: number; readonly detail: string }[] };

const HEADER = 'prefix,cost_per_minute,currency,priority,weight';

const LINES_AT_ONCE = 5_000;

/** What a minute costs at most, in the major unit: more is a misplaced decimal point. */
const LARGEST_COST_DIGITS = 6;

/**
 * Reads the routes of one trunk from CSV: `prefix,cost_per_minute,currency,priority,weight`, the last two as 10 and
 * 100 where absent. Every wrong line is reported, up to a hundred, and one wrong line refuses the whole list, so that
 * no half of it is ever used.
 * Yields every few thousand lines: a million take a second, in which others want to go on.
 */
export function* readRoutes(trunk: string, text: string): Generator<undefined, RoutesReading> {
  const routes: CarrierRoute[] = [];
  const lineOfPrefix = new Map<string, number>();
  const faults: { line: number; detail: string }[] = [];
  let line = 0;
  for (const written of linesOf(text)) {
    line += 1;
    if (line % LINES_AT_ONCE === 0) yield;
    const trimmed = written.trim();
    if (line === 1 && trimmed.replaceAll(/\s/g, '').toLowerCase() === HEADER) continue;
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const route = readLine(trunk, trimmed);
    const earlier = typeof route === 'string' ? undefined : lineOfPrefix.get(route.prefix);
    if (typeof route === 'string') faults.push({ line, detail: route });
    else if (earlier !== undefined) {
      faults.push({ line, detail: `The prefix ${route.prefix} is on line ${earlier} already.` });
    } else {
      routes.push(route);
      lineOfPrefix.set(route.prefix, line);
    }
    if (faults.length === MOST_FAULTS) break;
  }
  return faults.length === 0 ? { ok: true, routes } : { ok: false, faults };
}

/** Line by line, since a split of a million lines would be kept as a whole. */
function* linesOf(text: string): Generator<string> {
  let from = text.startsWith('\uFEFF') ? 1 : 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end === -1 ? text.length : end);
    from = end === -1 ? text.length : end + 1;
  }
}

/** @returns the route, or a sentence that says what is wrong */
function readLine(trunk: string, line: string): CarrierRoute | string {
  const cells = line.split(',').map((cell) => cell.trim());
  const [prefix = '', cost = '', currency = '', priority = '10', weight = '100'] = cells;
  if (cells.length < 3 || cells.length > 5) return `A line has 3 to 5 cells: ${HEADER}.`;
  if (!/^\d{1,15}$/.test(prefix)) return 'The prefix has to be 1 to 15 digits, without +.';
  if (!isCurrency(currency)) return 'The currency has to be a code of ISO 4217, as KRW.';
  const costPerMinute = microsOf(cost);
  if (costPerMinute === undefined) return 'The cost has to be a decimal, as 0.0125, with at most 6 decimals.';
  if (!isWithin(priority, 0, 65_535)) return 'The priority has to be a whole number of 0 to 65535.';
  if (!isWithin(weight, 1, 1_000)) return 'The weight has to be a whole number of 1 to 1000.';
  return {
    trunk,
    prefix,
    costPerMinute,
    currency: currency as Currency,
    priority: Number(priority),
    weight: Number(weight),
  };
}

/** Millionths of the major unit: `0.0125` is 12500. */
function microsOf(text: string): bigint | undefined {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === '' || whole.length > LARGEST_COST_DIGITS) return undefined;
  return BigInt(whole + fraction.padEnd(6, '0'));
}

function isWithin(text: string, from: number, to: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= from && Number(text) <= to;
}
