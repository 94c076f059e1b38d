import { type Money, printMoney, sameMoney } from '../billing/index.ts';
import {
  acceptDeposit,
  type Deposit,
  keepDeposit,
  type PaymentSubject,
  payOut,
  undoPayment,
} from '../billing/payments/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import { anniversary } from '../renewals/index.ts';
import type {
  ApprovedOrder,
  AssignedOrder,
  AwaitingPaymentOrder,
  EndedOrder,
  Order,
  OrderEffect,
  OrderInput,
  QuotedOrder,
  RefusedOrder,
  ReleasedOrder,
} from './order.ts';

/** How long an approved number waits for the buyer's confirmation. */
export const HOLD_MS = 30 * 60_000;

/** How long a confirmed number waits for the money: a bank transfer over a weekend arrives in time. */
export const PAYMENT_TERM_MS = 3 * 24 * 3_600_000;

/** How long a number that was given back is kept from sale, so that its old callers have forgotten it. */
export const QUARANTINE_MS = 90 * 24 * 3_600_000;

/*
 * The purchase of one number (R6 … R9).
 *
 *      +--------+  judged sellable: hold the number      +----------+
 *      | quoted |--------------------------------------->| approved |--+
 *      +--------+                                        +----------+  |
 *          | judged not sellable                               |       |
 *          v                                      confirmed    |       |  cancelled, or
 *      +---------+                          by the buyer: hold |       |  time passed:
 *      | refused |                          until payment's due v      |  free the number
 *      +---------+                                +------------------+ |
 *                                                 | awaiting-payment |-+
 *                                                 +------------------+ |
 *      deposit of the price: record it, assign the number  |           v
 *      (one transaction, through `paid`)                   |     +-----------+
 *                                                          v     | cancelled |  deposit: record it as
 *      +----------+  given back: quarantine  +----------+        | expired   |  to be refunded, stay
 *      | released |<-------------------------| assigned |        +-----------+
 *      +----------+  or the sale is undone   +----------+              | refund paid out
 *              \----  given again  ------------>/                      |
 *                                             deposit again: record    v
 *                                             it as to be refunded  +----------+
 *                                                                   | refunded |
 *                                                                   +----------+
 *
 * The number itself: free -> held -> assigned -> in quarantine -> free. A hold or quarantine past its time
 * counts as free at once, whether or not anybody has tidied up.
 */

/** Codes with which an order refuses an input that does not fit its state. */
export type OrderRefusalCode = 'amount-mismatch' | 'order-closed' | 'order-not-confirmed';

type Step = Result<[Order, OrderEffect[]], OrderRefusalCode>;

/**
 * The answer to a purchase request (R7): approved at a price while the number is held, or refused.
 * @param judgement whether the number can be sold, and for how much
 */
export function judgeQuote(
  order: QuotedOrder,
  judgement: Result<Money>,
): [ApprovedOrder | RefusedOrder, OrderEffect[]] {
  if (!judgement.ok) return [{ ...order, state: 'refused', refusal: judgement.refusal }, []];
  const heldUntilMs = order.quotedAtMs + HOLD_MS;
  return [
    { ...order, state: 'approved', price: judgement.value, heldUntilMs },
    [{ kind: 'hold-number', untilMs: heldUntilMs }],
  ];
}

/**
 * The next state and what the store does along with it, or a refusal that leaves everything as it was. An input
 * that has been given before is accepted again without effects, so that every request may be repeated.
 */
export function stepOrder(order: Order, input: OrderInput): Step {
  switch (order.state) {
    case 'approved':
      return stepApproved(order, input);
    case 'awaiting-payment':
      return stepAwaitingPayment(order, input);
    case 'paid':
      return input.kind === 'number-assigned' ? accept([{ ...order, state: 'assigned' }, []]) : closed(order);
    case 'assigned':
      return stepAssigned(order, input);
    case 'released':
    case 'expired':
    case 'cancelled':
    case 'refunded':
      return stepEnded(order, input);
  }
}

function stepApproved(order: ApprovedOrder, input: OrderInput): Step {
  if (input.kind === 'cancelled') return end(order, 'cancelled', input.nowMs);
  if (input.kind === 'deposited') return notConfirmed(order);
  if (input.kind !== 'confirmed' && input.kind !== 'time') return closed(order);
  if (input.nowMs >= order.heldUntilMs) return end(order, 'expired', order.heldUntilMs);
  if (input.kind === 'time') return unchanged(order);
  const heldUntilMs = input.nowMs + PAYMENT_TERM_MS;
  const { paymentReference, nowMs: confirmedAtMs } = input;
  return accept([
    { ...order, state: 'awaiting-payment', paymentReference, confirmedAtMs, heldUntilMs },
    [{ kind: 'extend-hold', untilMs: heldUntilMs }],
  ]);
}

function stepAwaitingPayment(order: AwaitingPaymentOrder, input: OrderInput): Step {
  if (input.kind === 'cancelled') return end(order, 'cancelled', input.nowMs);
  if (input.kind !== 'confirmed' && input.kind !== 'deposited' && input.kind !== 'time') return closed(order);
  if (input.nowMs >= order.heldUntilMs) {
    const [expired, effects] = ended(order, 'expired', order.heldUntilMs);
    return input.kind === 'deposited'
      ? refundDue(expired, effects, input, 'The order had expired when the money came.')
      : accept([expired, effects]);
  }
  if (input.kind !== 'deposited') return unchanged(order);
  if (!sameMoney(input.deposit.amount, order.price)) return amountMismatch(order, input.deposit);
  const { heldUntilMs: _, ...confirmed } = order;
  return accept([{ ...confirmed, state: 'paid', paidAtMs: input.nowMs }, sold(order, input)]);
}

function stepAssigned(order: AssignedOrder, input: OrderInput): Step {
  switch (input.kind) {
    case 'deposited':
      return refundDue(order, [], input, 'The order was paid before.');
    case 'given-back':
      return accept([
        { ...order, state: 'released', releasedAtMs: input.nowMs },
        [{ kind: 'quarantine-number', untilMs: input.nowMs + QUARANTINE_MS }],
      ]);
    case 'sale-undone':
      return accept([
        { ...order, state: 'released', releasedAtMs: input.nowMs },
        [
          { kind: 'quarantine-number', untilMs: input.nowMs + QUARANTINE_MS },
          ...undoPayment(input.payment, input.reason, input.nowMs),
        ],
      ]);
    case 'refund-paid':
      return accept([order, payOut(input.payment, input.nowMs)]);
    case 'confirmed':
    case 'number-assigned':
    case 'given-again':
    case 'time':
      return unchanged(order);
    case 'cancelled':
      return closed(order);
  }
}

function stepEnded(order: ReleasedOrder | EndedOrder, input: OrderInput): Step {
  switch (input.kind) {
    case 'deposited':
      return refundDue(order, [], input, `The order was ${order.state} when the money came.`);
    case 'refund-paid': {
      const effects = payOut(input.payment, input.nowMs);
      if (order.state === 'released') return accept([order, effects]);
      return accept([{ ...order, state: 'refunded' }, effects]);
    }
    case 'time':
      return unchanged(order);
    case 'cancelled':
      return order.state === 'cancelled' ? unchanged(order) : closed(order);
    case 'given-back':
      return order.state === 'released' ? unchanged(order) : closed(order);
    case 'sale-undone':
      return order.state === 'released'
        ? accept([order, undoPayment(input.payment, input.reason, input.nowMs)])
        : closed(order);
    case 'given-again':
      return order.state === 'released' ? giveAgain(order) : closed(order);
    case 'confirmed':
    case 'number-assigned':
      return closed(order);
  }
}

function giveAgain({ releasedAtMs: _, ...order }: ReleasedOrder): Step {
  return accept([{ ...order, state: 'assigned' }, [{ kind: 'give-number-again' }]]);
}

function end(
  order: ApprovedOrder | AwaitingPaymentOrder,
  state: EndedOrder['state'],
  endedAtMs: number,
): Step {
  return accept(ended(order, state, endedAtMs));
}

function ended(
  { heldUntilMs: _, ...kept }: ApprovedOrder | AwaitingPaymentOrder,
  state: EndedOrder['state'],
  endedAtMs: number,
): [EndedOrder, OrderEffect[]] {
  return [{ ...kept, state, endedAtMs }, [{ kind: 'free-number' }]];
}

/** The money pays for the number: together they change hands (R9). */
function sold(
  order: AwaitingPaymentOrder,
  { deposit, taxation, timeZone, nowMs }: Extract<OrderInput, { readonly kind: 'deposited' }>,
): OrderEffect[] {
  const paid = acceptDeposit(deposit, { subject: subjectOf(order), purpose: 'number-sale', taxation }, nowMs);
  const paidUntilMs = anniversary(nowMs, 1, timeZone ?? 'UTC');
  return [...paid, { kind: 'assign-number', paidAtMs: nowMs, paidUntilMs }];
}

function subjectOf({ id }: Order): PaymentSubject {
  return { kind: 'order', id };
}

/** Money that has nothing to pay is kept apart, whatever its amount: it is somebody's and has to go back. */
function refundDue(
  order: Order,
  effects: readonly OrderEffect[],
  { deposit, nowMs }: { readonly deposit: Deposit; readonly nowMs: number },
  reason: string,
): Step {
  // What lies among the deposits stays there: an operator tries what it may be for.
  if (deposit.keptAs !== undefined) return effects.length > 0 ? accept([order, [...effects]]) : closed(order);
  return accept([
    order,
    [...effects, ...keepDeposit(deposit, 'refund-due', reason, nowMs, subjectOf(order))],
  ]);
}

function unchanged(order: Order): Step {
  return accept([order, []]);
}

function closed(order: Order): Step {
  return refuse('order-closed', `The order is ${order.state}; this can no longer be done with it.`);
}

function notConfirmed(order: Order): Step {
  return refuse(
    'order-not-confirmed',
    `Order ${order.id} waits for the buyer to confirm it: no payment was asked for yet.`,
  );
}

function amountMismatch(order: AwaitingPaymentOrder, deposit: Deposit): Step {
  return refuse(
    'amount-mismatch',
    `The order costs ${printMoney(order.price)}, and ${printMoney(deposit.amount)} was noted. Nothing was ` +
      'recorded: correct the notice, or send the money back and ask for the whole amount.',
    '/amount',
  );
}
