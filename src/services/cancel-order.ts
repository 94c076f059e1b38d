import type { Order } from '../domain/market/index.ts';
import type { Actor } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { changeOrder } from './change-order.ts';
import { findOrder } from './find-order.ts';
import type { ServicePorts } from './ports/index.ts';

export type CancelOrder = { readonly actor: Actor; readonly orderId: string };

/**
 * Gives up a purchase that was not paid, and frees the number at once.
 * @returns refused with `order-closed` where it was paid or has ended, `not-found`, or as `permit` does
 */
export async function cancelOrder(
  ports: Pick<ServicePorts, 'clock' | 'orders'>,
  command: CancelOrder,
): Promise<Result<Order>> {
  const found = await findOrder(ports, command, 'buy-number');
  if (!found.ok) return found;
  const changed = await changeOrder(ports, () => ports.orders.find(command.orderId), {
    kind: 'cancelled',
    nowMs: ports.clock.nowMs(),
  });
  return changed.ok ? accept(changed.value.order) : changed;
}
