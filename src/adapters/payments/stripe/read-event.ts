import type Stripe from 'stripe';
import type { CardNotice } from '../../../services/ports/index.ts';
import { moneyOfStripe } from './stripe-units.ts';

/** Where the payment of a checkout has our reference, which its charge then has too. */
export const REFERENCE = 'payment_reference';

const OTHER: CardNotice = { kind: 'other' };

/** What an event of Stripe is to us (https://docs.stripe.com/api/events/types). */
export function readEvent(event: Stripe.Event): CardNotice {
  switch (event.type) {
    case 'checkout.session.completed':
      return event.data.object.payment_status === 'unpaid' ? { kind: 'pending' } : paidBy(event.data.object);
    case 'checkout.session.async_payment_succeeded':
      return paidBy(event.data.object);
    case 'checkout.session.async_payment_failed':
      return { kind: 'failed' };
    case 'charge.refunded':
      return refundOf(event.data.object);
    case 'charge.dispute.created':
      // A bank that only asks takes nothing yet; once it does, that is told apart.
      return event.data.object.status.startsWith('warning_')
        ? OTHER
        : disputeOf(event.data.object, 'disputed');
    case 'charge.dispute.funds_withdrawn':
      return disputeOf(event.data.object, 'disputed');
    case 'charge.dispute.closed':
      return event.data.object.status === 'won' ? disputeOf(event.data.object, 'dispute-won') : OTHER;
    default:
      return OTHER;
  }
}

function paidBy(session: Stripe.Checkout.Session): CardNotice {
  const { amount_total: units, currency, client_reference_id: reference, customer_details: payer } = session;
  const paymentId = idOf(session.payment_intent);
  const amount = units === null || currency === null ? undefined : moneyOfStripe(units, currency);
  if (session.payment_status !== 'paid' || paymentId === undefined || amount === undefined) return OTHER;
  return {
    kind: 'paid',
    paymentId,
    amount,
    ...(reference === null ? {} : { paymentReference: reference }),
    ...(payer?.name ? { payer: payer.name } : {}),
  };
}

function refundOf({
  payment_intent,
  amount_refunded,
  currency,
  refunded,
  metadata,
}: Stripe.Charge): CardNotice {
  const paymentId = idOf(payment_intent);
  const amount = moneyOfStripe(amount_refunded, currency);
  if (paymentId === undefined || amount === undefined) return OTHER;
  const reference = metadata[REFERENCE];
  return {
    kind: 'refunded',
    paymentId,
    refunded: amount,
    isWhole: refunded,
    ...(reference === undefined ? {} : { paymentReference: reference }),
  };
}

function disputeOf(
  { payment_intent, amount: units, currency }: Stripe.Dispute,
  kind: 'disputed' | 'dispute-won',
): CardNotice {
  const paymentId = idOf(payment_intent);
  const amount = moneyOfStripe(units, currency);
  return paymentId === undefined || amount === undefined ? OTHER : { kind, paymentId, amount };
}

function idOf(linked: string | { readonly id: string } | null): string | undefined {
  return typeof linked === 'string' ? linked : linked?.id;
}
