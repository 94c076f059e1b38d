import { type Currency, isCurrency, isPayable, type Money } from '../../../domain/billing/index.ts';

/*
 * Stripe counts money in whole units that are not always the currency's coins
 * (https://docs.stripe.com/currencies#zero-decimal): the yen itself, but hundredths of the króna, which has no coins
 * below itself any more; and of the dinars thousandths, of which it takes only whole tens.
 */
const WHOLE: ReadonlySet<Currency> = new Set(['CLP', 'JPY', 'KRW', 'VND']);
const THOUSANDTHS: ReadonlySet<Currency> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

const THOUSANDTHS_STEP = 10n;

/** So many digits an amount may have at most. */
const MOST_UNITS = 99_999_999n;

/** @returns the amount as Stripe takes it; undefined where it cannot */
export function stripeUnits(money: Money): number | undefined {
  const unit = microsOfUnit(money.currency);
  const units = money.micros / unit;
  const isWhole = money.micros % unit === 0n && isPayable(money);
  const isStep = !THOUSANDTHS.has(money.currency) || units % THOUSANDTHS_STEP === 0n;
  return isWhole && isStep && units > 0n && units <= MOST_UNITS ? Number(units) : undefined;
}

/** @returns an amount of Stripe's; undefined in a currency that nothing here is sold in */
export function moneyOfStripe(units: number, currency: string): Money | undefined {
  const code = currency.toUpperCase();
  if (!isCurrency(code)) return undefined;
  return { currency: code, micros: BigInt(units) * microsOfUnit(code) };
}

function microsOfUnit(currency: Currency): bigint {
  if (WHOLE.has(currency)) return 1_000_000n;
  return THOUSANDTHS.has(currency) ? 1_000n : 10_000n;
}
