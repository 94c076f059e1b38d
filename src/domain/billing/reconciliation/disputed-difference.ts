import { type Money, printMoney } from '../money.ts';
import type { Currency } from '../money-currency.ts';
import type { CallDifference } from './reconcile.ts';

/** A difference as it is put into dispute. */
export type DisputedDifference = { readonly what: string; readonly callId?: string; readonly micros: bigint };

/** How differences are worded. */
export type DisputeWording = {
  readonly currency: Currency;
  /** Who pays for the calls: where it is the other network, what it asks more is owed by us less. */
  readonly paidBy: 'other' | 'us';
  /** A moment as a person reads it. */
  readonly timeText: (atMs: number) => string;
};

/** What the other network has otherwise, in words, and what we would owe it more if it was right. */
export function disputedDifference(
  { kind, ours, theirs, micros = 0n }: CallDifference,
  { currency, paidBy, timeText }: DisputeWording,
): DisputedDifference {
  const call = ours ?? theirs;
  const numbers = call === undefined ? '' : `${call.caller ?? 'anonymous'} to ${call.called}`;
  const where = call === undefined ? '' : ` of ${timeText(call.startedAtMs)}, ${numbers}`;
  const line = theirs === undefined ? '' : ` (line ${theirs.line} of their records)`;
  const price = (amount: bigint) => printMoney({ currency, micros: amount } satisfies Money);
  const says = {
    'only-ours': `they do not have it, we have ${seconds(ours)} at ${price(ours?.micros ?? 0n)}`,
    'only-theirs': `we do not have it, they have ${seconds(theirs)}`,
    duration: `they have ${seconds(theirs)}, we have ${seconds(ours)}`,
    price: `they ask ${price((ours?.micros ?? 0n) + micros)}, we have ${price(ours?.micros ?? 0n)}`,
  };
  return {
    what: `The call${where}${line}: ${says[kind]}.`,
    ...(ours === undefined ? {} : { callId: ours.callId }),
    micros: paidBy === 'us' ? micros : -micros,
  };
}

function seconds(call: { readonly durationMs: number } | undefined): string {
  return `${Math.round((call?.durationMs ?? 0) / 1_000)} s`;
}
