import { lookupDigits, type Order, parseNumberForSale, printNumberForSale } from '../domain/market/index.ts';
import type { Actor } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { changeOrder } from './change-order.ts';
import { findOrder } from './find-order.ts';
import type { ServicePorts } from './ports/index.ts';
import { publishReleased } from './publish-number.ts';

export type ReleaseNumber = {
  readonly actor: Actor;
  /** The order the number was bought with. */
  readonly orderId: string;
  /** The number itself, since it cannot be taken back: after the quarantine others may buy it. */
  readonly confirmation: string;
};

/**
 * Gives a number back: calls to it end in nothing at once, and after 90 days it is on sale again.
 * @returns refused with `confirmation-missing`, `order-closed` where the number is not theirs (any more),
 *   `not-found`, or as `permit` does
 */
export async function releaseNumber(
  ports: Pick<ServicePorts, 'bus' | 'clock' | 'orders'>,
  command: ReleaseNumber,
): Promise<Result<Order>> {
  const found = await findOrder(ports, command, 'buy-number');
  if (!found.ok) return found;
  const { number } = found.value;
  const confirmed = parseNumberForSale(command.confirmation);
  if (!confirmed.ok || lookupDigits(confirmed.value) !== lookupDigits(number)) {
    return refuse(
      'confirmation-missing',
      `To give the number back, confirm it by writing ${printNumberForSale(number)}.`,
      '/confirmation',
    );
  }
  const changed = await changeOrder(ports, () => ports.orders.find(command.orderId), {
    kind: 'given-back',
    nowMs: ports.clock.nowMs(),
  });
  if (!changed.ok) return changed;
  const { order } = changed.value;
  // Told again with a repetition only while nobody else can have bought it: later, the news would be of theirs.
  const claim = await ports.orders.claim(number, ports.clock.nowMs());
  if (claim === undefined || claim.orderId === order.id) publishReleased(ports, order);
  return accept(order);
}
