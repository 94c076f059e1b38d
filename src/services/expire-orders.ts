import { changeOrder } from './change-order.ts';
import type { ServicePorts } from './ports/index.ts';

/** What a round of tidying found. */
export type Expiry = {
  /** Orders that were not confirmed or not paid in time. */
  readonly expired: number;
  /** Numbers whose quarantine is over. */
  readonly quarantinesEnded: number;
};

const BATCH = 200;

/**
 * Ends the orders and quarantines whose time is over. Nobody waits for it, since a hold past its time counts as
 * free anyway; it keeps the states that people see true.
 */
export async function expireOrders(
  ports: Pick<ServicePorts, 'orders'>,
  { nowMs }: { readonly nowMs: number },
): Promise<Expiry> {
  let expired = 0;
  for (;;) {
    const overdue = await ports.orders.overdue(nowMs, BATCH);
    const before = expired;
    for (const { id } of overdue) {
      const changed = await changeOrder(ports, () => ports.orders.find(id), { kind: 'time', nowMs });
      if (changed.ok && changed.value.effects.length > 0) expired += 1;
    }
    // Where nothing could be changed the same ones would come again.
    if (overdue.length < BATCH || expired === before) break;
  }
  return { expired, quarantinesEnded: await ports.orders.endQuarantines(nowMs) };
}
