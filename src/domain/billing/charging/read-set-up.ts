import { Faults, Fields } from '../../centres/configuration/index.ts';
import { accept, type Result, refuseAll } from '../../refusal/index.ts';
import { type ExchangeRate, printExchangeRate, RATE_DECIMALS } from '../ledger/index.ts';
import { type Money, parseMoney, printAmount } from '../money.ts';
import { CURRENCIES } from '../money-currency.ts';
import { type Agreement, readAgreement } from '../settlement/index.ts';
import type { ChargingSetUp } from './set-up.ts';

const MOST_AGREEMENTS = 10_000;
const MOST_RATES = 2_000;
const MOST_PLANS = 1_000;
const CALLS_PER_MINUTE = { from: 1, to: 100_000 };

/**
 * Reads how calls are charged as people write it (R23).
 * @returns it, or `charging-invalid` with one fault for each part that is wrong
 */
export function readChargingSetUp(value: unknown): Result<ChargingSetUp, 'charging-invalid'> {
  const faults = new Faults();
  const fields = new Fields(value, '', faults);
  const defaultPlan = fields.text('defaultPlan', 64, '');
  const setUp: ChargingSetUp = {
    ...(defaultPlan === '' ? {} : { defaultPlan }),
    plansBelowCost: fields.list('plansBelowCost', MOST_PLANS, (plan, pointer) =>
      typeof plan === 'string' ? plan : faults.add(pointer, 'This has to be the name of a tariff.'),
    ),
    exchangeRates: fields.list('exchangeRates', MOST_RATES, (rate, pointer) =>
      readExchangeRate(new Fields(rate, pointer, faults), faults),
    ),
    agreements: fields.list('agreements', MOST_AGREEMENTS, (agreement, pointer) =>
      agreementAt(agreement, pointer, faults),
    ),
    dailyLimits: fields.list('dailyLimits', CURRENCIES.length, (limit, pointer) =>
      amountAt(limit, pointer, faults),
    ),
    lowBalances: fields.list('lowBalances', CURRENCIES.length, (amount, pointer) =>
      amountAt(amount, pointer, faults),
    ),
    ...(fields.has('callsPerMinute')
      ? { callsPerMinute: fields.whole('callsPerMinute', CALLS_PER_MINUTE) }
      : {}),
    ...alarmMail(fields, faults),
  };
  fields.end();
  noneTwice(setUp, faults);
  const [first] = faults.list;
  if (first === undefined) return accept(setUp);
  return refuseAll('charging-invalid', `Charging cannot be set up so: ${first.detail}`, faults.list);
}

/** Decimal text and a currency, as `{ amount: "50000", currency: KRW }`. */
function amountAt(value: unknown, pointer: string, faults: Faults): Money | undefined {
  const fields = new Fields(value, pointer, faults);
  const read = parseMoney(fields.text('amount', 30), fields.text('currency', 10));
  fields.end();
  return read.ok ? read.value : faults.add(pointer, read.refusal.detail);
}

function alarmMail(fields: Fields, faults: Faults): { readonly alarmMail?: string } {
  const address = fields.text('alarmMail', 254, '');
  if (address === '') return {};
  if (/^[^@\s]+@[^@\s]+$/.test(address)) return { alarmMail: address };
  faults.add(fields.at('alarmMail'), 'This has to be an e-mail address.');
  return {};
}

function agreementAt(value: unknown, pointer: string, faults: Faults): Agreement | undefined {
  const read = readAgreement(value);
  if (read.ok) return read.value;
  for (const fault of read.refusal.faults ?? []) faults.add(`${pointer}${fault.pointer}`, fault.detail);
  return undefined;
}

function readExchangeRate(fields: Fields, faults: Faults): ExchangeRate {
  const rate = {
    from: fields.choice('from', CURRENCIES),
    to: fields.choice('to', CURRENCIES),
    picos: picosOf(fields.text('rate', 40), fields.at('rate'), faults),
  };
  fields.end();
  return rate;
}

function picosOf(text: string, pointer: string, faults: Faults): bigint {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  const picos = whole === undefined ? 0n : BigInt(whole + fraction.padEnd(RATE_DECIMALS, '0'));
  if (text !== '' && picos === 0n) {
    faults.add(pointer, 'This has to be a number above zero, such as 1390.25, with at most 12 decimals.');
  }
  return picos;
}

/** Of two agreements with one trunk nobody could say which holds. */
function noneTwice(setUp: ChargingSetUp, faults: Faults): void {
  const { agreements, exchangeRates } = setUp;
  const trunks = agreements.map(({ trunk }) => trunk);
  for (const [at, trunk] of trunks.entries()) {
    if (trunks.indexOf(trunk) < at) {
      faults.add(`/agreements/${at}/trunk`, `There is an agreement with ${trunk} above already.`);
    }
  }
  noCurrencyTwice('dailyLimits', setUp.dailyLimits, faults);
  noCurrencyTwice('lowBalances', setUp.lowBalances, faults);
  const pairs = exchangeRates.map(({ from, to }) => `${from} ${to}`);
  for (const [at, pair] of pairs.entries()) {
    if (pairs.indexOf(pair) < at)
      faults.add(`/exchangeRates/${at}`, 'There is a rate of these above already.');
  }
}

function noCurrencyTwice(part: string, amounts: readonly Money[], faults: Faults): void {
  const currencies = amounts.map(({ currency }) => currency);
  for (const [at, currency] of currencies.entries()) {
    if (currencies.indexOf(currency) < at)
      faults.add(`/${part}/${at}`, `There is one of ${currency} above already.`);
  }
}

/** How charging is set up, in the form in which it is read. */
export function writeChargingSetUp(setUp: ChargingSetUp) {
  const { defaultPlan, plansBelowCost, exchangeRates, agreements } = setUp;
  const { dailyLimits, lowBalances, callsPerMinute, alarmMail } = setUp;
  const written = (money: Money) => ({ amount: printAmount(money), currency: money.currency });
  return {
    ...(defaultPlan === undefined ? {} : { defaultPlan }),
    plansBelowCost,
    exchangeRates: exchangeRates.map(({ from, to, picos }) => ({ from, to, rate: printExchangeRate(picos) })),
    agreements,
    dailyLimits: dailyLimits.map(written),
    lowBalances: lowBalances.map(written),
    ...(callsPerMinute === undefined ? {} : { callsPerMinute }),
    ...(alarmMail === undefined ? {} : { alarmMail }),
  };
}
