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
  const { earlier, ...kept } = terms;
  const { rate, leg } = terms;
  // A leg that came out of another call costs what is left of its whole price: it is one leg, and connected once.
  // Of a clock that was put back between the two the record would otherwise be one that no store takes.
  const endedAtMs = Math.max(call.endedAtMs, earlier?.untilMs ?? call.endedAtMs);
  const durationMs = endedAtMs - (earlier?.sinceMs ?? call.answeredAtMs);
  const paidMs = earlier === undefined ? undefined : earlier.untilMs - earlier.sinceMs;
  return {
    ...kept,
    id: `${call.id}/${leg}`,
    callId: call.id,
    run: 1,
    answeredAtMs: earlier?.untilMs ?? call.answeredAtMs,
    endedAtMs: call.endedAtMs,
    billedSeconds: billedSeconds(rate, durationMs) - billedSeconds(rate, paidMs),
    currency: rate.currency,
    micros: priceMicros(rate, durationMs) - priceMicros(rate, paidMs),
  };
}

/** Why a call that was charged to its last proof of life is charged again. */
export const WENT_ON = 'The call went on while its process was thought dead.';

/** Another run of a charge whose call turned out to have ended later than was thought (ADR 0422). */
export function laterEnd(charge: Charge): Charge {
  return { ...charge, id: `${charge.id}/${charge.run + 1}`, run: charge.run + 1 };
}

/**
 * The terms of a leg that leaves an answered call and talks on in another one (R23).
 * @param call the one that it leaves
 */
export function continuedTerms(
  terms: ChargeTerms,
  call: Pick<ChargedCall, 'id' | 'answeredAtMs'>,
  nowMs: number,
): ChargeTerms {
  const sinceMs = terms.earlier?.sinceMs ?? call.answeredAtMs;
  return { ...terms, leg: `${terms.leg} of ${call.id}`, earlier: { sinceMs, untilMs: nowMs } };
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
