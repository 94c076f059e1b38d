import type { Bill, BillEffect } from '../domain/billing/bills/index.ts';
import { type Order, QUARANTINE_MS, stepOrder } from '../domain/market/index.ts';
import { stepTerm } from '../domain/renewals/index.ts';
import type { DocumentToIssue, ServicePorts, TermWrite } from './ports/index.ts';
import { publishAssigned } from './publish-number.ts';
import { sellerTimeZone } from './sale-documents.ts';
import { termEvents } from './term-events.ts';

/** A bill for another year that was paid, or whose payment was undone, and what is kept with it. */
export type PaidYear = {
  readonly orderId: string;
  readonly before: Bill;
  readonly bill: Bill;
  readonly effects: readonly BillEffect[];
  readonly documents: readonly DocumentToIssue[];
  readonly nowMs: number;
};

/**
 * Keeps a bill together with the year that it is for: one more, or one less; a number that rests is given again (R24).
 * @returns `number-gone` where the number is not the member's any more and cannot be; nothing was kept
 */
export async function keepPaidYear(
  ports: Pick<ServicePorts, 'bus' | 'orders' | 'renewals' | 'settings'>,
  { orderId, before: billBefore, bill, effects, documents, nowMs }: PaidYear,
): Promise<TermWrite | 'number-gone'> {
  const [term, order] = await Promise.all([ports.renewals.find(orderId), ports.orders.find(orderId)]);
  if (term === undefined || order === undefined) return 'number-gone';
  const timeZone = sellerTimeZone(ports);
  const stepped =
    bill.state === 'paid'
      ? stepTerm(term, { kind: 'bill-paid', billId: bill.id, timeZone, nowMs }, QUARANTINE_MS)
      : stepTerm(term, { kind: 'payment-undone', timeZone, nowMs }, QUARANTINE_MS);
  if (!stepped.ok) return 'number-gone';
  const [after, termEffects] = stepped.value;
  const given = termEffects.some(({ kind }) => kind === 'give-number-again')
    ? givenAgain(order, nowMs)
    : undefined;
  if (given === 'impossible') return 'number-gone';
  const change = {
    bill: { before: billBefore, after: bill },
    ...(given === undefined ? {} : { order: given }),
    money: effects,
    events: termEvents(after, order, termEffects, nowMs),
    documents,
  };
  const write = await ports.renewals.keep(term, after, change, nowMs);
  // The number rests no longer, or somebody else has it by now.
  if (write === 'number-claimed') return 'number-gone';
  if (write === 'kept' && given !== undefined) publishAssigned(ports, given.after);
  return write;
}

function givenAgain(before: Order, nowMs: number) {
  const stepped = stepOrder(before, { kind: 'given-again', nowMs });
  if (!stepped.ok) return 'impossible';
  const [after, effects] = stepped.value;
  return { before, after, effects };
}
