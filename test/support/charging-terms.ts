import type { ChargeTerms } from '../../src/domain/billing/charging/index.ts';
import type { Rate } from '../../src/domain/billing/index.ts';
import type { Agreement } from '../../src/domain/billing/settlement/index.ts';

/** A won. */
export const WON = 1_000_000n;

/** 60 won a minute by the second, so that an amount is a time: a won is a second. */
export const WON_A_SECOND: Rate = {
  currency: 'KRW',
  perMinuteMicros: 60n * WON,
  connectFeeMicros: 0n,
  initialIncrementSeconds: 1,
  nextIncrementSeconds: 1,
  minimumMicros: 0n,
  freeSeconds: 0,
};

/** Mina pays a won a second for a call to London; with whatever is to be otherwise. */
export function saleTerms(change: Partial<ChargeTerms> = {}): ChargeTerms {
  return {
    kind: 'sale',
    leg: 'sale',
    account: 'member/mina',
    paidBy: 'other',
    number: '442079460000',
    tariff: 'standard',
    prefix: '44',
    destination: 'United Kingdom',
    rate: WON_A_SECOND,
    ...change,
  };
}

/** Half of it to the carrier. */
export function costTerms(change: Partial<ChargeTerms> = {}): ChargeTerms {
  return saleTerms({
    kind: 'cost',
    leg: 'cost',
    account: 'trunk/bt',
    paidBy: 'us',
    tariff: 'bt-deck',
    rate: { ...WON_A_SECOND, perMinuteMicros: 30n * WON },
    ...change,
  });
}

/** BT is settled in pounds, by the month of London. */
export const BT_AGREEMENT: Agreement = {
  trunk: 'bt',
  currency: 'GBP',
  timeZone: 'Europe/London',
  period: 'month',
  inboundPaidBy: 'other',
  toleranceSeconds: 5,
  partner: { name: 'BT', addressLines: ['London'] },
};

/** What BT asks for a call: so many millionths of a pound a minute. */
export function btCost(perMinuteMicros: bigint, rate: Partial<Rate> = {}): ChargeTerms {
  return costTerms({
    destination: 'UK',
    rate: { ...WON_A_SECOND, currency: 'GBP', perMinuteMicros, ...rate },
  });
}
