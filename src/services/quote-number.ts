import {
  type ApprovedOrder,
  type AwaitingPaymentOrder,
  judgeQuote,
  judgeSale,
  type NumberForSale,
  parseNumberForSale,
  refuseClaimed,
} from '../domain/market/index.ts';
import { type Actor, type Member, memberIdOf, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** A purchase request (R6). */
export type QuoteNumber = {
  readonly actor: Actor;
  /** Who is to have the number; the actor's own member where absent. */
  readonly memberId?: string;
  /** As the buyer wrote it: `02-6200-6200-082`, `6200-6200`. */
  readonly number: string;
};

type QuotePorts = Pick<
  ServicePorts,
  'catalogue' | 'clock' | 'identifiers' | 'members' | 'orders' | 'settings'
>;

/** An order that holds its number: just approved, or made earlier by the same buyer for the same number. */
export type HoldingOrder = ApprovedOrder | AwaitingPaymentOrder;

/** So many numbers may one member hold without having paid, lest holding be a way to block them. */
const MOST_OPEN_ORDERS = 10;

/** A claim that ends between the attempt and the look at it is tried anew that often. */
const MOST_ATTEMPTS = 5;

/**
 * Answers a purchase request (R7): approved with a price, and the number held for 30 minutes, or refused.
 * Asked again by the same buyer while the hold lasts, it answers with the same order.
 * @returns refused with `number-malformed`, `number-kind-refused`, `number-not-for-sale`, `number-taken`,
 *   `number-held`, `number-in-quarantine`, `too-many-open-orders`, or as `permit` does
 */
export async function quoteNumber(ports: QuotePorts, command: QuoteNumber): Promise<Result<HoldingOrder>> {
  const memberId = command.memberId ?? memberIdOf(command.actor);
  const permitted = permit(command.actor, 'buy-number', memberId);
  if (!permitted.ok) return permitted;
  const number = parseNumberForSale(command.number);
  if (!number.ok) return number;
  const member = memberId === undefined ? undefined : await ports.members.find(memberId);
  if (member === undefined) return notFound();
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const answer = await attemptToHold(ports, member, number.value);
    if (answer !== 'claim-ended') return answer;
  }
  return refuse('number-held', 'Many want this number at this moment: try again, or choose another.');
}

async function attemptToHold(
  ports: QuotePorts,
  member: Member,
  number: NumberForSale,
): Promise<Result<HoldingOrder> | 'claim-ended'> {
  const nowMs = ports.clock.nowMs();
  const claimed = await answerToClaim(ports, member, number, nowMs);
  if (claimed !== undefined) return claimed;
  if ((await ports.orders.countOpen(member.id, nowMs)) >= MOST_OPEN_ORDERS) return refuseMoreOrders();
  const judgement = judgeSale(number, member.kind, await ports.catalogue.onSale(), ports.settings.taxation);
  const id = ports.identifiers.next();
  const [order, effects] = judgeQuote(
    { state: 'quoted', id, memberId: member.id, number, quotedAtMs: nowMs },
    judgement,
  );
  if (order.state === 'refused') return { ok: false, refusal: order.refusal };
  if ((await ports.orders.keep(undefined, order, effects, nowMs)) === 'kept') return accept(order);
  return (await answerToClaim(ports, member, number, nowMs)) ?? 'claim-ended';
}

/** What is said of a number that somebody has a claim on; undefined where nobody has. */
async function answerToClaim(
  ports: QuotePorts,
  member: Member,
  number: NumberForSale,
  nowMs: number,
): Promise<Result<HoldingOrder> | undefined> {
  const claim = await ports.orders.claim(number, nowMs);
  if (claim === undefined) return undefined;
  if (claim.state === 'held' && claim.memberId === member.id) {
    const order = await ports.orders.find(claim.orderId);
    if (order?.state === 'approved' || order?.state === 'awaiting-payment') return accept(order);
  }
  return refuseClaimed(number, claim, member.id);
}

function refuseMoreOrders(): Result<never> {
  return refuse(
    'too-many-open-orders',
    `A member may have ${MOST_OPEN_ORDERS} unpaid orders: pay or cancel one, or wait until one expires.`,
  );
}
