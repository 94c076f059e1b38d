import type { LedgerAccount, TransferPurpose } from '../ledger/index.ts';
import { billedSeconds, priceMicros } from '../rating.ts';
import type { Charge, ChargeTerms } from './charge.ts';

/** What a call was, as far as charging asks. Times in milliseconds since 1970. */
export type ChargedCall = {
  readonly id: string;
  readonly answeredAtMs: number;
  readonly endedAtMs: number;
};

/** The charge of an answered call that has ended: the first run, with an id that every process would give it. */
export function finishCharge(terms: ChargeTerms, call: ChargedCall): Charge {
  const durationMs = call.endedAtMs - call.answeredAtMs;
  return {
    ...terms,
    id: `${call.id}/${terms.leg}`,
    callId: call.id,
    run: 1,
    answeredAtMs: call.answeredAtMs,
    endedAtMs: call.endedAtMs,
    billedSeconds: billedSeconds(terms.rate, durationMs),
    currency: terms.rate.currency,
    micros: priceMicros(terms.rate, durationMs),
  };
}

/** What the ledger has of a charge: between which accounts it moves, and under which subject. */
export type ChargeBooking = {
  readonly subject: string;
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly purpose: TransferPurpose;
};

/** Where a charge of a call is booked. @param callId the call it belongs to */
export function bookingOf({ kind, leg, account, paidBy }: ChargeTerms, callId: string): ChargeBooking {
  const subject = `call/${callId}/${leg}`;
  const purpose = kind === 'sale' ? 'call' : kind === 'cost' ? 'call-cost' : 'inbound-call';
  if (paidBy === 'us') return { subject, purpose, debit: 'call-costs', credit: account };
  const credit = account.startsWith('member/') ? 'call-revenue' : 'interconnect-revenue';
  return { subject, purpose, debit: account, credit };
}
