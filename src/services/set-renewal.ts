import { type Order, QUARANTINE_MS } from '../domain/market/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type RenewalMode, stepTerm, type Term } from '../domain/renewals/index.ts';
import { findOrder } from './find-order.ts';
import type { ServicePorts } from './ports/index.ts';

export type SetRenewal = {
  readonly actor: Actor;
  /** The order the number was bought with. */
  readonly orderId: string;
  readonly mode: RenewalMode;
};

/** A number that somebody holds, and for how long. */
export type HeldNumber = { readonly order: Order; readonly term: Term };

const MOST_ROUNDS = 10;

/**
 * Says how another year of a number is paid (R24).
 * @returns refused with `order-closed` where the number is not theirs any more, `not-found`, or as `permit` does
 */
export async function setRenewal(
  ports: Pick<ServicePorts, 'clock' | 'orders' | 'renewals'>,
  { actor, orderId, mode }: SetRenewal,
): Promise<Result<HeldNumber>> {
  const found = await findOrder(ports, { actor, orderId }, 'buy-number');
  if (!found.ok) return found;
  const nowMs = ports.clock.nowMs();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const term = await ports.renewals.find(orderId);
    if (term === undefined || term.state === 'ended') {
      return refuse('order-closed', 'The number is not the member’s: there is nothing to renew.');
    }
    const stepped = stepTerm(term, { kind: 'mode-set', mode, nowMs }, QUARANTINE_MS);
    if (!stepped.ok) return stepped;
    const [after] = stepped.value;
    if (after === term || (await ports.renewals.keep(term, after, {}, nowMs)) === 'kept') {
      return accept({ order: found.value, term: after });
    }
  }
  throw new Error(`A term changed ${MOST_ROUNDS} times while it was to be changed once.`);
}

/** Until when the number of an order is paid for; refused as `findOrder` does, or with `not-found`. */
export async function findRenewal(
  ports: Pick<ServicePorts, 'orders' | 'renewals'>,
  command: { readonly actor: Actor; readonly orderId: string },
): Promise<Result<HeldNumber>> {
  const found = await findOrder(ports, command);
  if (!found.ok) return found;
  const term = await ports.renewals.find(command.orderId);
  return term === undefined ? notFound() : accept({ order: found.value, term });
}

/** The numbers that a member holds, with how long they are paid for, in the order of purchase. */
export async function listHeldNumbers(
  ports: Pick<ServicePorts, 'members' | 'orders' | 'renewals'>,
  { actor, memberId }: { readonly actor: Actor; readonly memberId: string },
): Promise<Result<readonly HeldNumber[]>> {
  const permitted = permit(actor, 'see-member', memberId);
  if (!permitted.ok) return permitted;
  if ((await ports.members.find(memberId)) === undefined) return notFound();
  const held: HeldNumber[] = [];
  for (const term of await ports.renewals.ofMember(memberId)) {
    const order = await ports.orders.find(term.orderId);
    if (order !== undefined) held.push({ order, term });
  }
  return accept(held);
}
