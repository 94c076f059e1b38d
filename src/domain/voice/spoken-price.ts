import type { Currency, Rate } from '../billing/index.ts';
import type { Language } from '../members/index.ts';
import { SOUNDS, type SoundId, type Speech } from './announcement.ts';
import { spokenAmount } from './spoken-amount.ts';

/** What a price is made of that is said to who pays it; amounts in millionths of the currency's major unit. */
export type PriceOfCall = Pick<Rate, 'currency' | 'perMinuteMicros' | 'connectFeeMicros'>;

const ONE = 1_000_000n;

/**
 * What a call costs (R23): `This call costs 60 won a minute, and 100 won for the connection.` The smaller print of a
 * rate, as its steps, is left to who looks it up.
 */
export function spokenPrice(price: PriceOfCall, language: Language): Speech {
  const { perMinuteMicros, connectFeeMicros } = price;
  const perMinute = said(perMinuteMicros, price.currency, language);
  const fee = connectFeeMicros === 0n ? undefined : said(connectFeeMicros, price.currency, language);
  if (language === 'en') {
    const connection: Speech = fee === undefined ? [] : ['price-and', ...fee, 'price-for-connection'];
    return ['price-call-costs', ...perMinute, 'price-a-minute', ...connection];
  }
  const connection: Speech = fee === undefined ? [] : ['pause', 'price-connection', ...fee];
  return ['price-call-costs', ...perMinute, ...connection];
}

/** An amount with its currency; in Korean and Japanese also the end of the sentence, of which the names are a part. */
function said(micros: bigint, currency: Currency, language: Language): SoundId[] {
  return [...spokenAmount(micros, language), ...spokenCurrency(currency, micros === ONE, language)];
}

function spokenCurrency(currency: Currency, isOne: boolean, language: Language): SoundId[] {
  const code = currency.toLowerCase();
  const kept = SOUNDS[language];
  const one = isOne ? kept.find((id) => id === `currency-one-${code}`) : undefined;
  const name = one ?? kept.find((id) => id === `currency-${code}`);
  if (name !== undefined) return [name];
  const letters = [...code].flatMap((letter) => kept.filter((id) => id === `letter-${letter}`));
  return language === 'en' ? letters : [...letters, 'price-is'];
}
