import { type Bill, type BillEffect, type BillInput, stepBill } from '../domain/billing/bills/index.ts';
import { notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { refusalOfMoney } from './refusal-of-money.ts';

/** What became of a bill, and what was done along with it. */
export type BillChange = { readonly bill: Bill; readonly effects: readonly BillEffect[] };

/** Each round means that somebody else changed the bill in between, which it does a few times in its life. */
const MOST_ROUNDS = 10;

/**
 * Reads a bill, steps it and keeps what came of it, again where somebody else was faster.
 * @returns the bill as it is kept; refused as `stepBill` or `refusalOfMoney` say, or with `not-found`
 */
export async function changeBill(
  ports: Pick<ServicePorts, 'bills'>,
  read: () => Promise<Bill | undefined>,
  input: BillInput,
): Promise<Result<BillChange>> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = await read();
    if (before === undefined) return notFound();
    const stepped = stepBill(before, input);
    if (!stepped.ok) return stepped;
    const [bill, effects] = stepped.value;
    if (effects.length === 0 && bill.state === before.state) return accept({ bill, effects });
    const write = await ports.bills.keep(before, bill, effects);
    if (write === 'kept') return accept({ bill, effects });
    const refusal = refusalOfMoney(write);
    if (refusal !== undefined) return refusal;
  }
  throw new Error(`A bill changed ${MOST_ROUNDS} times while it was to be changed once.`);
}
