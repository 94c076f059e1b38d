import type { Bill, BillState } from '../domain/billing/bills/index.ts';
import { type Action, type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type BillPorts, changeBill } from './change-bill.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

/** Which bill, and who asks. */
export type OneBill = { readonly actor: Actor; readonly billId: string };

/**
 * The bill with an id, for somebody who may do this with it.
 * @returns refused with `not-found` where there is none or it is somebody else's, or as `permit` does
 */
export async function findBill(
  ports: Pick<ServicePorts, 'bills'>,
  { actor, billId }: OneBill,
  action: Action = 'see-balance',
): Promise<Result<Bill>> {
  const bill = await ports.bills.find(billId);
  const permitted = permit(actor, action, bill?.memberId);
  if (!permitted.ok) return permitted;
  return bill === undefined ? notFound() : accept(bill);
}

export type ListBills = {
  readonly actor: Actor;
  /** Whose; operators may leave it out to see everyone's. */
  readonly memberId?: string;
  readonly state?: BillState;
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

/** Bills, newest first. */
export async function listBills(
  ports: Pick<ServicePorts, 'bills'>,
  { actor, memberId, state, after, limit }: ListBills,
): Promise<Result<Page<Bill>>> {
  const permitted = permit(actor, 'see-balance', memberId);
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const bills = await ports.bills.list({
    limit: size + 1,
    ...(memberId === undefined ? {} : { memberId }),
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(bills, size, (bill) => bill.id));
}

/**
 * Gives up a bill that was not paid: members their top-ups, operators any.
 * @returns refused with `bill-closed`, `not-found`, or as `permit` does
 */
export async function cancelBill(
  ports: BillPorts & Pick<ServicePorts, 'clock'>,
  command: OneBill,
): Promise<Result<Bill>> {
  const found = await findBill(ports, command, 'top-up');
  if (!found.ok) return found;
  // What is owed is not given up by whoever owes it.
  if (found.value.kind !== 'top-up') {
    const permitted = permit(command.actor, 'record-payment');
    if (!permitted.ok) return permitted;
  }
  const input = { kind: 'cancelled', nowMs: ports.clock.nowMs() } as const;
  const changed = await changeBill(ports, () => ports.bills.find(command.billId), input);
  return changed.ok ? accept(changed.value.bill) : changed;
}

const BATCH = 200;

/** Ends bills whose last day is over, and says how many. */
export async function expireBills(ports: BillPorts, { nowMs }: { readonly nowMs: number }): Promise<number> {
  let expired = 0;
  for (;;) {
    const overdue = await ports.bills.overdue(nowMs, BATCH);
    const before = expired;
    for (const { id } of overdue) {
      const changed = await changeBill(ports, () => ports.bills.find(id), { kind: 'time', nowMs });
      if (changed.ok && changed.value.bill.state === 'expired') expired += 1;
    }
    // Where nothing could be changed the same ones would come again.
    if (overdue.length < BATCH || expired === before) return expired;
  }
}
