import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import StripeClient from 'stripe';

/** A request as it came in: its path, its form fields and what it is to be done once by. */
export type RecordedRequest = {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly idempotencyKey: string | undefined;
};

type Answer = { readonly status: number; readonly body: object };

/** What the next requests get instead of an answer. */
export type Failure = Answer | 'hang-up';

/**
 * Answers as Stripe's API does, in the form of its documentation (https://docs.stripe.com/api). It is no Stripe: it
 * knows two calls, checks nothing, and remembers idempotency keys; what it is for is that the real SDK has somebody to
 * talk to.
 */
export class RecordedStripe {
  readonly requests: RecordedRequest[] = [];
  readonly failures: Failure[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #server = createServer((request, response) => {
    void this.#take(request).then((answer) => {
      if (answer === 'hang-up') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': 'req_test' });
      response.end(JSON.stringify(answer.body));
    });
  });

  /** @returns where it listens, as the SDK takes it */
  async listen(): Promise<{ readonly host: string; readonly port: number; readonly protocol: 'http' }> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port, protocol: 'http' };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #take(request: IncomingMessage): Promise<Failure> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? '';
    const key = request.headers['idempotency-key'];
    const idempotencyKey = typeof key === 'string' ? key : undefined;
    this.requests.push({ path, fields: Object.fromEntries(new URLSearchParams(body)), idempotencyKey });
    const failure = this.failures.shift();
    if (failure !== undefined) return failure;
    const known = idempotencyKey === undefined ? undefined : this.#answers.get(idempotencyKey);
    const answer = known ?? this.#answer(path);
    if (idempotencyKey !== undefined) this.#answers.set(idempotencyKey, answer);
    return answer;
  }

  #answer(path: string): Answer {
    const id = this.requests.length;
    switch (path) {
      case '/v1/checkout/sessions': {
        const session = { id: `cs_test_${id}`, object: 'checkout.session', payment_status: 'unpaid' };
        return { status: 200, body: { ...session, url: `https://checkout.stripe.com/c/pay/cs_test_${id}` } };
      }
      case '/v1/refunds':
        return { status: 200, body: { id: `re_${id}`, object: 'refund', status: 'succeeded' } };
      default:
        return {
          status: 404,
          body: { error: { type: 'invalid_request_error', message: 'Unrecognized request URL' } },
        };
    }
  }
}

export const WEBHOOK_SECRET = 'whsec_of_the_tests';

/** An event as Stripe sends it: its body, and the signature that Stripe's own SDK makes for it. */
export function signedEvent(
  type: string,
  object: object,
  { atMs, secret = WEBHOOK_SECRET }: { readonly atMs: number; readonly secret?: string },
): { readonly body: string; readonly signature: string } {
  const body = JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } });
  const signature = new StripeClient('sk_test_nothing').webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: Math.floor(atMs / 1_000),
  });
  return { body, signature };
}

/** A checkout that was paid. @param amount in Stripe's units */
export function paidSession(reference: string, amount: number, paymentIntent: string, currency = 'krw') {
  return {
    id: 'cs_test_1',
    object: 'checkout.session',
    amount_total: amount,
    currency,
    client_reference_id: reference,
    customer_details: { name: 'Mina Kim' },
    payment_intent: paymentIntent,
    payment_status: 'paid',
  };
}

/** A charge of which some went back. */
export function refundedCharge(paymentIntent: string, amount: number, of: number, reference?: string) {
  return {
    id: 'ch_1',
    object: 'charge',
    amount: of,
    amount_refunded: amount,
    currency: 'krw',
    metadata: reference === undefined ? {} : { payment_reference: reference },
    payment_intent: paymentIntent,
    refunded: amount === of,
  };
}

/** A dispute. */
export function dispute(paymentIntent: string, amount: number, status = 'needs_response') {
  return { id: 'dp_1', object: 'dispute', amount, currency: 'krw', payment_intent: paymentIntent, status };
}
