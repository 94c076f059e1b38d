import type Stripe from 'stripe';
import { printMoney } from '../../../domain/billing/index.ts';
import { accept, type Result, refuse } from '../../../domain/refusal/index.ts';
import type { CardPayments, Clock } from '../../../services/ports/index.ts';
import { REFERENCE, readEvent } from './read-event.ts';
import { stripeUnits } from './stripe-units.ts';

export type StripeOptions = {
  readonly secretKey: string;
  /** By which notices are signed. */
  readonly webhookSecret: string;
  readonly clock: Clock;
  /** What Stripe refused, for whoever runs the service. */
  readonly warn: (error: unknown, what: string) => void;
  /** Another host than Stripe's own, for tests. */
  readonly at?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
};

/** A notice is refused that was signed longer ago: somebody may have kept it. */
const NOTICE_WITHIN_SECONDS = 300;

const REQUEST_TIMEOUT_MS = 15_000;
const MOST_RETRIES = 2;

/**
 * Cards through Stripe. Its SDK signs, retries with the same idempotency key, and checks signatures; it is loaded only
 * where keys are set, since it is large.
 */
export async function openStripePayments(options: StripeOptions): Promise<CardPayments> {
  const { default: StripeClient } = await import('stripe');
  const stripe = new StripeClient(options.secretKey, {
    timeout: REQUEST_TIMEOUT_MS,
    maxNetworkRetries: MOST_RETRIES,
    telemetry: false,
    ...options.at,
  });
  const asking = async <Value>(
    what: string,
    ask: () => Promise<Value>,
  ): Promise<Result<Value, 'card-processor-unavailable'>> => {
    try {
      return accept(await ask());
    } catch (error) {
      if (!(error instanceof StripeClient.errors.StripeError)) throw error;
      options.warn(error, what);
      return refuse(
        'card-processor-unavailable',
        'The card processor did not do it: try again later, or pay by bank transfer.',
      );
    }
  };
  return {
    async createCheckout(checkout) {
      const unitAmount = stripeUnits(checkout.amount);
      if (unitAmount === undefined) {
        return refuse('amount-not-for-cards', `Cards do not take ${printMoney(checkout.amount)} as it is.`);
      }
      const made = await asking('no page for a payment by card could be made', () =>
        stripe.checkout.sessions.create(sessionFor(checkout, unitAmount)),
      );
      if (!made.ok) return made;
      const { id: sessionId, url } = made.value;
      if (url === null) throw new Error(`Stripe made the session ${sessionId} without a page.`);
      return accept({ url, sessionId });
    },

    async readNotice(body, signature) {
      const event = await signedEvent(stripe, options, body, signature);
      if (event !== undefined) return accept(readEvent(event));
      return refuse(
        'card-notice-refused',
        'Its signature is not that of the card processor, or is older than five minutes.',
      );
    },

    async refund(paymentId, amount, idempotencyKey) {
      const units = stripeUnits(amount);
      if (units === undefined) throw new Error(`${printMoney(amount)} cannot have come by card.`);
      return asking('a payment by card could not be sent back', async () => {
        try {
          await stripe.refunds.create({ payment_intent: paymentId, amount: units }, { idempotencyKey });
        } catch (error) {
          // Keys are forgotten after some days; the money is back all the same.
          const isDone =
            error instanceof StripeClient.errors.StripeError && error.code === 'charge_already_refunded';
          if (!isDone) throw error;
        }
        return 'refunded' as const;
      });
    },
  };
}

/** @returns the event in a body that Stripe signed just now, undefined where it did not */
async function signedEvent(
  stripe: Stripe,
  { clock, webhookSecret }: StripeOptions,
  body: string,
  signature: string,
): Promise<Stripe.Event | undefined> {
  const { webhooks } = stripe;
  const within = NOTICE_WITHIN_SECONDS;
  try {
    return await webhooks.constructEventAsync(
      body,
      signature,
      webhookSecret,
      within,
      undefined,
      clock.nowMs(),
    );
  } catch {
    // The SDK throws errors of several kinds at what strangers send, some of them of no class of its own.
    return undefined;
  }
}

function sessionFor(
  { amount, description, paymentReference, returnUrls }: Parameters<CardPayments['createCheckout']>[0],
  unitAmount: number,
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    client_reference_id: paymentReference,
    success_url: returnUrls.paid,
    cancel_url: returnUrls.cancelled,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: amount.currency.toLowerCase(),
          unit_amount: unitAmount,
          product_data: { name: description },
        },
      },
    ],
    payment_intent_data: { description: paymentReference, metadata: { [REFERENCE]: paymentReference } },
  };
}
