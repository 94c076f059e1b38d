import { type Bill, type BillEffect, type BillInput, stepBill } from '../domain/billing/bills/index.ts';
import { notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { keepPaidYear } from './keep-paid-year.ts';
import type { BillWrite, DocumentToIssue, ServicePorts, TermWrite } from './ports/index.ts';
import { refusalOfMoney } from './refusal-of-money.ts';

/** What became of a bill, and what was done along with it. */
export type BillChange = { readonly bill: Bill; readonly effects: readonly BillEffect[] };

export type BillPorts = Pick<ServicePorts, 'bills' | 'bus' | 'orders' | 'renewals' | 'settings'>;

/** The documents that are issued along with a step. */
export type DocumentsOfBill = (change: BillChange) => Promise<readonly DocumentToIssue[]>;

/** Each round means that somebody else changed the bill in between, which it does a few times in its life. */
const MOST_ROUNDS = 10;

/**
 * Reads a bill, steps it and keeps what came of it, again where somebody else was faster. With a bill for another year
 * the number itself is kept or lost (R24); money for a number that is gone goes back.
 * @returns the bill as it is kept; refused as `stepBill` or `refusalOfMoney` say, or with `not-found`
 */
export async function changeBill(
  ports: BillPorts,
  read: () => Promise<Bill | undefined>,
  input: BillInput,
  documentsOf: DocumentsOfBill = async () => [],
): Promise<Result<BillChange>> {
  let isGone = false;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = await read();
    if (found === undefined) return notFound();
    const stepped = stepBill(isGone ? ended(found, input.nowMs) : found, input);
    if (!stepped.ok) return stepped;
    const [bill, effects] = stepped.value;
    if (effects.length === 0 && bill.state === found.state) return accept({ bill, effects });
    const change = { bill, effects };
    const write = await keep(ports, found, change, input, await documentsOf(change));
    if (write === 'kept') return accept(change);
    if (write === 'number-gone') isGone = true;
    const refusal = refusalOfMoney(write);
    if (refusal !== undefined) return refusal;
  }
  throw new Error(`A bill changed ${MOST_ROUNDS} times while it was to be changed once.`);
}

/** A bill for a number that nobody can have again is over, whatever time it had. */
function ended(bill: Bill, nowMs: number): Bill {
  return bill.state === 'open' ? { ...bill, expiresAtMs: Math.min(nowMs, bill.expiresAtMs ?? nowMs) } : bill;
}

async function keep(
  ports: BillPorts,
  before: Bill,
  change: BillChange,
  input: BillInput,
  documents: readonly DocumentToIssue[],
): Promise<BillWrite | TermWrite | 'number-gone'> {
  const { bill, effects } = change;
  const { kind, orderId } = bill;
  const isOfYear = bill.state !== before.state && (bill.state === 'paid' || bill.state === 'refunded');
  if (kind === 'renewal' && orderId !== undefined && isOfYear) {
    return keepPaidYear(ports, { orderId, before, bill, effects, documents, nowMs: input.nowMs });
  }
  return ports.bills.keep(before, bill, effects, documents);
}
