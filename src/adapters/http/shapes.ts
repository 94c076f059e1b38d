import { z } from 'zod';
import { type Money, printAmount } from '../../domain/billing/index.ts';
import {
  type NumberForSale,
  type NumberRange,
  printNumberForSale,
  printRange,
} from '../../domain/market/index.ts';
import { definite } from './definite.ts';
import { line } from './line.ts';
import { time, timeText } from './responses.ts';

/** Money as the API writes it: decimal text, since a JSON number is a float. */
export const money = z
  .object({
    amount: z.string().describe('Decimal text with a point: `55000`, `12.50`.'),
    currency: z.string().describe('ISO 4217: `KRW`.'),
  })
  .meta({ id: 'Money' });

export function shownMoney(amount: Money): z.infer<typeof money> {
  return { amount: printAmount(amount), currency: amount.currency };
}

/** Money as a request gives it. */
export const moneyAsked = z.strictObject({ amount: line(30), currency: line(10) });

export const numberKind = z.enum(['personal', 'enterprise']);

/** A number of the service. */
export const serviceNumber = z
  .object({
    kind: numberKind,
    text: z.string().describe('As it is written: `02-6200-6200-082`, `6200-6200`.'),
    countryCode: z.string().optional().describe('Of personal numbers: `082`.'),
  })
  .meta({ id: 'ServiceNumber' });

export function shownNumber(number: NumberForSale): z.infer<typeof serviceNumber> {
  const text = printNumberForSale(number);
  return number.kind === 'personal'
    ? { kind: number.kind, text, countryCode: number.countryCode }
    : { kind: number.kind, text };
}

/** A range of numbers on sale. */
export const numberRange = z
  .object({
    id: z.string(),
    kind: numberKind,
    countryCode: z.string().optional(),
    range: z.string().describe('An X stands for any digit: `02-6200-XXXX`.'),
    price: money,
    memorableSurcharge: money.describe('Added for numbers that are easily remembered.'),
    renewalPrice: money.describe('Of another year, memorable or not.'),
    addedAt: time,
    withdrawnAt: time.optional(),
  })
  .meta({ id: 'NumberRange' });

export function shownRange(range: NumberRange): z.infer<typeof numberRange> {
  return definite({
    id: range.id,
    kind: range.kind,
    countryCode: range.countryCode as string | undefined,
    range: printRange(range),
    price: shownMoney(range.price),
    memorableSurcharge: shownMoney(range.memorableSurcharge),
    renewalPrice: shownMoney(range.renewalPrice),
    addedAt: timeText(range.addedAtMs),
    withdrawnAt: range.withdrawnAtMs === undefined ? undefined : timeText(range.withdrawnAtMs),
  });
}

/** Opaque: clients keep it and give it back. */
export const id = line(100);

export const idParams = z.object({ id });

/** Text of a person: a name, an address. */
export function words(most: number) {
  return z.string().trim().pipe(line(most));
}

/** A country code as it comes in; whether the country exists is judged by the services. */
export const countryCodeText = line(10).describe('ITU calling code of three digits: `082`.');
