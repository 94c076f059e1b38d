import { type Order, type OrderEffect, type OrderInput, stepOrder } from '../domain/market/index.ts';
import { notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { DocumentToIssue, ServicePorts } from './ports/index.ts';
import { refusalOfMoney } from './refusal-of-money.ts';

/** What became of an order, and what was done along with it: nothing, where the input had been given before. */
export type OrderChange = { readonly order: Order; readonly effects: readonly OrderEffect[] };

/** Each round means that somebody else changed the order in between, which it does a few times in its life. */
const MOST_ROUNDS = 10;

/**
 * Reads an order, steps it and keeps what came of it, again where somebody else was faster.
 * @param read finds the order as it stands
 * @param documentsOf the documents that are issued along with a step
 * @returns the order as it is kept; refused as `stepOrder` or `refusalOfMoney` say, or with `not-found`
 */
export async function changeOrder(
  ports: Pick<ServicePorts, 'orders'>,
  read: () => Promise<Order | undefined>,
  input: OrderInput,
  documentsOf: (change: OrderChange) => Promise<readonly DocumentToIssue[]> = async () => [],
): Promise<Result<OrderChange>> {
  let nowMs = input.nowMs;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = await read();
    if (before === undefined) return notFound();
    const stepped = stepThroughPaid(before, { ...input, nowMs });
    if (!stepped.ok) return stepped;
    const [order, effects] = stepped.value;
    if (effects.length === 0) return accept({ order, effects });
    const documents = await documentsOf({ order, effects });
    const write = await ports.orders.keep(before, order, effects, nowMs, documents);
    if (write === 'kept') return accept({ order, effects });
    const refusal = refusalOfMoney(write);
    if (refusal !== undefined) return refusal;
    // Whoever has the number now saw that our hold was over: our clock is late, and the order is judged by theirs.
    if (write === 'number-claimed' && 'heldUntilMs' in before) nowMs = Math.max(nowMs, before.heldUntilMs);
  }
  throw new Error(`An order changed ${MOST_ROUNDS} times while it was to be changed once.`);
}

/** Payment and assignment are two steps of the order and one transaction of the store (R9). */
function stepThroughPaid(before: Order, input: OrderInput): ReturnType<typeof stepOrder> {
  const stepped = stepOrder(before, input);
  if (!stepped.ok || stepped.value[0].state !== 'paid') return stepped;
  const [paid, effects] = stepped.value;
  const assigned = stepOrder(paid, { kind: 'number-assigned', nowMs: input.nowMs });
  return assigned.ok ? accept([assigned.value[0], [...effects, ...assigned.value[1]]]) : assigned;
}
