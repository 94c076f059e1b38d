import { type Taxation, taxWithin } from '../documents/index.ts';
import { memberAccount, type PostedTransfer } from '../ledger/index.ts';
import type { OpenBill, PaidBill } from './bill.ts';

/**
 * Another year of a number that is paid from the member's credit (R24). The lines have the ids of the bill, which is
 * paid once; the ledger refuses them where the credit is too little.
 * @returns the bill as it is then, the lines, and the tax within
 */
export function payFromCredit(
  bill: OpenBill,
  taxation: Taxation | undefined,
  nowMs: number,
): { readonly bill: PaidBill; readonly entries: readonly PostedTransfer[]; readonly taxMicros: bigint } {
  const { id, memberId, amount } = bill;
  const taxMicros = taxation === undefined ? 0n : taxWithin(amount, taxation.ratePerMillion).tax.micros;
  const debit = memberAccount(memberId);
  const shared = {
    kind: 'posted',
    debit,
    currency: amount.currency,
    subject: `bill/${id}`,
    atMs: nowMs,
  } as const;
  const entries: PostedTransfer[] = [
    {
      ...shared,
      id: `bill/${id}/sale`,
      credit: 'number-sales',
      micros: amount.micros - taxMicros,
      purpose: 'renewal',
    },
    { ...shared, id: `bill/${id}/tax`, credit: 'tax', micros: taxMicros, purpose: 'tax' },
  ];
  return {
    bill: { ...bill, state: 'paid', paidAtMs: nowMs },
    entries: entries.filter(({ micros }) => micros > 0n),
    taxMicros,
  };
}
