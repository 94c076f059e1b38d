/**
 * The currencies of ISO 4217 that amounts are paid in, with the number of decimals of their smallest coin:
 * a price with more decimals could not be transferred.
 */
const MINOR_DIGITS = {
  AED: 2,
  AUD: 2,
  BHD: 3,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CNY: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  HUF: 2,
  IDR: 2,
  ILS: 2,
  INR: 2,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  KZT: 2,
  MXN: 2,
  MYR: 2,
  NOK: 2,
  NZD: 2,
  OMR: 3,
  PHP: 2,
  PLN: 2,
  RUB: 2,
  SAR: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TND: 3,
  TRY: 2,
  TWD: 2,
  UAH: 2,
  USD: 2,
  VND: 0,
  ZAR: 2,
} as const;

/** A currency's code of ISO 4217. */
export type Currency = keyof typeof MINOR_DIGITS;

/** All currencies that prices and deposits can be in. */
export const CURRENCIES = Object.keys(MINOR_DIGITS) as readonly Currency[];

/** Whether a text is the code of a currency known here. */
export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(MINOR_DIGITS, text);
}

/** How many decimals the smallest coin has: 0 for KRW and JPY, 3 for KWD. */
export function minorDigits(currency: Currency): number {
  return MINOR_DIGITS[currency];
}
