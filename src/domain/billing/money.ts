import { accept, type Result, refuse } from '../refusal/index.ts';
import { type Currency, isCurrency, minorDigits } from './money-currency.ts';

/** An amount in millionths of the currency's major unit, so that nothing is ever rounded by accident (R23). */
export type Money = { readonly currency: Currency; readonly micros: bigint };

const DECIMALS = 6;
const MICROS_PER_UNIT = 10n ** BigInt(DECIMALS);

/** What a column of 64 bits can hold; no amount of this system comes near. */
const LARGEST_MICROS = 2n ** 63n - 1n;

/**
 * Reads an amount that somebody is to pay.
 * @param amount decimal text with a point: `55000`, `12.50`; no sign, no grouping
 * @param currency code of ISO 4217
 * @returns the amount; refused with `currency-unknown`, or `amount-malformed` where it is no number, has more
 *   decimals than the currency has coins for, or is absurdly large
 */
export function parseMoney(
  amount: string,
  currency: string,
): Result<Money, 'amount-malformed' | 'currency-unknown'> {
  if (!isCurrency(currency)) {
    return refuse('currency-unknown', `Prices cannot be in "${currency}": use an ISO 4217 code such as KRW.`);
  }
  const parts = /^(\d{1,13})(?:\.(\d{1,6}))?$/.exec(amount);
  if (parts?.[1] === undefined) {
    return refuse(
      'amount-malformed',
      `"${amount}" is no amount: write digits, with a point before decimals, such as 12.50.`,
    );
  }
  const fraction = (parts[2] ?? '').padEnd(DECIMALS, '0');
  const money = { currency, micros: BigInt(parts[1]) * MICROS_PER_UNIT + BigInt(fraction) };
  if (!isPayable(money) || money.micros > LARGEST_MICROS) {
    return refuse(
      'amount-malformed',
      `${amount} ${currency} cannot be paid: ${currency} has ${minorDigits(currency)} decimals.`,
    );
  }
  return accept(money);
}

/** The amount without its currency, with the currency's decimals or more where there are more: `55000`, `12.50`. */
export function printAmount({ currency, micros }: Money): string {
  const sign = micros < 0n ? '-' : '';
  const size = micros < 0n ? -micros : micros;
  const fraction = (size % MICROS_PER_UNIT).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  const decimals = fraction.padEnd(minorDigits(currency), '0');
  return `${sign}${size / MICROS_PER_UNIT}${decimals === '' ? '' : `.${decimals}`}`;
}

/** The amount as a person reads it: `55000 KRW`, `12.50 USD`. */
export function printMoney(money: Money): string {
  return `${printAmount(money)} ${money.currency}`;
}

/** Whether the same money is meant, currency included. */
export function sameMoney(one: Money, other: Money): boolean {
  return one.currency === other.currency && one.micros === other.micros;
}

/** Whether coins exist for an amount: half a won cannot be transferred. */
export function isPayable({ currency, micros }: Money): boolean {
  return micros % 10n ** BigInt(DECIMALS - minorDigits(currency)) === 0n;
}
