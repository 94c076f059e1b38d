import { taxWithin } from '../documents/index.ts';
import type { PostedTransfer } from '../ledger/index.ts';
import type { Money } from '../money.ts';
import type { Period } from '../settlement/index.ts';

/** What the calls of a month earned in a currency, and the tax in it. */
export type CallTax = { readonly gross: Money; readonly tax: Money };

/** A month whose calls were counted for tax: those that ended in it, and earlier ones that became known late. */
export type TaxedMonth = {
  readonly period: Period;
  /** The last charge that was there when it was counted. */
  readonly cutLine: number;
  /** What the seller charged at that time, in millionths; 0 where it charged none. */
  readonly ratePerMillion: number;
  readonly countedAtMs: number;
  /** One a currency. */
  readonly taxes: readonly CallTax[];
};

/**
 * The tax in a month's calls, whose prices have it in them, rounded once a currency (R23), and how it leaves the
 * revenue. Where corrections took off more than was earned, it comes back.
 * @param earned what was earned with tax, a sum a currency; below zero where corrections took off more
 */
export function taxMonth(
  counted: Omit<TaxedMonth, 'taxes'>,
  earned: readonly Money[],
): readonly [TaxedMonth, readonly PostedTransfer[]] {
  const { period, ratePerMillion, countedAtMs } = counted;
  const taxes = earned.map((gross): CallTax => ({ gross, tax: taxWithin(gross, ratePerMillion).tax }));
  const entries = taxes.flatMap(({ tax }): readonly PostedTransfer[] => {
    if (tax.micros === 0n) return [];
    const subject = `call-tax/${period.name}`;
    const isBack = tax.micros < 0n;
    const about = { purpose: 'tax', subject, atMs: countedAtMs } as const;
    return [
      {
        ...about,
        kind: 'posted',
        id: `${subject}/${tax.currency}`,
        debit: isBack ? 'tax' : 'call-revenue',
        credit: isBack ? 'call-revenue' : 'tax',
        currency: tax.currency,
        micros: isBack ? -tax.micros : tax.micros,
      },
    ];
  });
  return [{ ...counted, taxes }, entries];
}
