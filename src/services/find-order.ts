import type { Order, OrderState } from '../domain/market/index.ts';
import { type Action, type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

/**
 * The order with an id, for somebody who may do this with it.
 * @returns refused with `not-found` where there is none or it is somebody else's, or as `permit` does
 */
export async function findOrder(
  ports: Pick<ServicePorts, 'orders'>,
  { actor, orderId }: { readonly actor: Actor; readonly orderId: string },
  action: Action = 'see-orders',
): Promise<Result<Order>> {
  const order = await ports.orders.find(orderId);
  const permitted = permit(actor, action, order?.memberId);
  if (!permitted.ok) return permitted;
  return order === undefined ? notFound() : accept(order);
}

export type ListOrders = {
  readonly actor: Actor;
  /** Whose; operators may leave it out to see everyone's. */
  readonly memberId?: string;
  readonly state?: OrderState;
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

/** Orders, newest first. */
export async function listOrders(
  ports: Pick<ServicePorts, 'orders'>,
  { actor, memberId, state, after, limit }: ListOrders,
): Promise<Result<Page<Order>>> {
  const permitted = permit(actor, 'see-orders', memberId);
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const orders = await ports.orders.list({
    limit: size + 1,
    ...(memberId === undefined ? {} : { memberId }),
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(orders, size, (order) => order.id));
}
