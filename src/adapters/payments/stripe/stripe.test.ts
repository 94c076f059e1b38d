import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dispute,
  paidSession,
  RecordedStripe,
  refundedCharge,
  signedEvent,
  WEBHOOK_SECRET,
} from '../../../../test/support/recorded-stripe.ts';
import { CURRENCIES, type Money, minorDigits, parseMoney } from '../../../domain/billing/index.ts';
import type { CardPayments } from '../../../services/ports/index.ts';
import { openStripePayments } from './index.ts';
import { moneyOfStripe, stripeUnits } from './stripe-units.ts';

const NOW_MS = Date.UTC(2026, 10, 25);

let stripe: RecordedStripe;
let cards: CardPayments;
const warnings: string[] = [];

beforeAll(async () => {
  stripe = new RecordedStripe();
  cards = await openStripePayments({
    secretKey: 'sk_test_of_the_tests',
    webhookSecret: WEBHOOK_SECRET,
    clock: { nowMs: () => NOW_MS },
    warn: (_, what) => warnings.push(what),
    at: await stripe.listen(),
  });
});

afterAll(() => stripe.close());

function money(amount: string, currency: string): Money {
  const read = parseMoney(amount, currency);
  if (!read.ok) throw new Error(read.refusal.detail);
  return read.value;
}

describe('R8: amounts in the units of Stripe', () => {
  it.each([
    ['55000', 'KRW', 55_000],
    ['12', 'JPY', 12],
    ['12.50', 'USD', 1_250],
    ['0.01', 'EUR', 1],
    ['500', 'ISK', 50_000],
    ['1.230', 'KWD', 1_230],
    ['1.234', 'KWD', undefined],
    ['0', 'KRW', undefined],
    ['100000000', 'KRW', undefined],
  ])('%s %s', (amount, currency, units) => {
    expect(stripeUnits(money(amount, currency))).toBe(units);
    if (units !== undefined)
      expect(moneyOfStripe(units, currency.toLowerCase())).toEqual(money(amount, currency));
  });

  it('come back as they went, in every currency', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURRENCIES),
        fc.bigInt({ min: 1n, max: 9_999_999n }),
        (currency, coins) => {
          const amount = { currency, micros: coins * 10n ** BigInt(6 - minorDigits(currency)) };
          const units = stripeUnits(amount);
          if (units === undefined) expect(minorDigits(currency) === 3 || currency === 'ISK').toBe(true);
          else expect(moneyOfStripe(units, currency.toLowerCase())).toEqual(amount);
        },
      ),
    );
  });

  it('are nothing of ours in a currency that nothing is sold in', () => {
    expect(moneyOfStripe(5, 'xaf')).toBeUndefined();
  });
});

describe('R8: a page for a payment by card', () => {
  const checkout = {
    amount: money('55000', 'KRW'),
    description: '02-6200-6200-082',
    paymentReference: 'OD-7K3M9QXA',
    returnUrls: { paid: 'https://shop.example/paid', cancelled: 'https://shop.example/back' },
  };

  it('is asked for with the amount, the reference and the way back', async () => {
    const made = await cards.createCheckout(checkout);
    expect(made).toMatchObject({ ok: true, value: { url: expect.stringMatching(/^https:\/\/checkout/) } });
    expect(stripe.requests.at(-1)).toMatchObject({
      path: '/v1/checkout/sessions',
      fields: {
        mode: 'payment',
        client_reference_id: 'OD-7K3M9QXA',
        'line_items[0][quantity]': '1',
        'line_items[0][price_data][currency]': 'krw',
        'line_items[0][price_data][unit_amount]': '55000',
        'line_items[0][price_data][product_data][name]': '02-6200-6200-082',
        'payment_intent_data[metadata][payment_reference]': 'OD-7K3M9QXA',
        success_url: 'https://shop.example/paid',
        cancel_url: 'https://shop.example/back',
      },
    });
  });

  it('is not asked for with an amount that cards do not take', async () => {
    const before = stripe.requests.length;
    const made = await cards.createCheckout({ ...checkout, amount: money('1.234', 'KWD') });
    expect(made).toMatchObject({ ok: false, refusal: { code: 'amount-not-for-cards' } });
    expect(stripe.requests).toHaveLength(before);
  });

  it('is asked for again where the connection breaks, by the same key', async () => {
    stripe.failures.push('hang-up');
    const before = stripe.requests.length;
    expect((await cards.createCheckout(checkout)).ok).toBe(true);
    const keys = stripe.requests.slice(before).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('is refused in plain words where Stripe refuses, and the reason is logged', async () => {
    const error = { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_****' };
    stripe.failures.push({ status: 401, body: { error } });
    const made = await cards.createCheckout(checkout);
    expect(made).toMatchObject({ ok: false, refusal: { code: 'card-processor-unavailable' } });
    expect(JSON.stringify(made)).not.toContain('sk_test');
    expect(warnings.at(-1)).toBe('no page for a payment by card could be made');
  });
});

describe('R9: money back by card', () => {
  it('goes back once for a key, and counts as back where it went before', async () => {
    const back = () => cards.refund('pi_1', money('55000', 'KRW'), 'refund payment-1');
    expect(await back()).toEqual({ ok: true, value: 'refunded' });
    expect(stripe.requests.at(-1)).toEqual({
      path: '/v1/refunds',
      fields: { payment_intent: 'pi_1', amount: '55000' },
      idempotencyKey: 'refund payment-1',
    });
    const gone = { type: 'invalid_request_error', code: 'charge_already_refunded', message: 'Refunded.' };
    stripe.failures.push({ status: 400, body: { error: gone } });
    expect(await back()).toEqual({ ok: true, value: 'refunded' });
    stripe.failures.push({ status: 400, body: { error: { ...gone, code: 'balance_insufficient' } } });
    expect(await back()).toMatchObject({ ok: false, refusal: { code: 'card-processor-unavailable' } });
  });
});

describe('R9: notices of the card processor', () => {
  const read = ({ body, signature }: { readonly body: string; readonly signature: string }) =>
    cards.readNotice(body, signature);
  const paid = paidSession('OD-7K3M9QXA', 55_000, 'pi_1');

  it.each([
    [
      'checkout.session.completed',
      paid,
      {
        kind: 'paid',
        paymentId: 'pi_1',
        amount: money('55000', 'KRW'),
        paymentReference: 'OD-7K3M9QXA',
        payer: 'Mina Kim',
      },
    ],
    [
      'checkout.session.async_payment_succeeded',
      {
        ...paid,
        payment_intent: { id: 'pi_2' },
        customer_details: null,
        currency: 'usd',
        client_reference_id: null,
      },
      { kind: 'paid', paymentId: 'pi_2', amount: money('550.00', 'USD') },
    ],
    ['checkout.session.completed', { ...paid, payment_status: 'unpaid' }, { kind: 'pending' }],
    ['checkout.session.completed', { ...paid, payment_status: 'no_payment_required' }, { kind: 'other' }],
    ['checkout.session.completed', { ...paid, currency: 'xaf' }, { kind: 'other' }],
    ['checkout.session.async_payment_failed', paid, { kind: 'failed' }],
    [
      'charge.refunded',
      refundedCharge('pi_1', 5_000, 55_000, 'OD-7K3M9QXA'),
      {
        kind: 'refunded',
        paymentId: 'pi_1',
        refunded: money('5000', 'KRW'),
        isWhole: false,
        paymentReference: 'OD-7K3M9QXA',
      },
    ],
    [
      'charge.dispute.created',
      dispute('pi_1', 55_000),
      { kind: 'disputed', paymentId: 'pi_1', amount: money('55000', 'KRW') },
    ],
    // The payer's bank asks, and takes nothing yet.
    ['charge.dispute.created', dispute('pi_1', 55_000, 'warning_needs_response'), { kind: 'other' }],
    ['charge.dispute.closed', dispute('pi_1', 55_000, 'warning_closed'), { kind: 'other' }],
    [
      'charge.dispute.funds_withdrawn',
      dispute('pi_1', 55_000),
      { kind: 'disputed', paymentId: 'pi_1', amount: money('55000', 'KRW') },
    ],
    [
      'charge.dispute.closed',
      dispute('pi_1', 55_000, 'won'),
      { kind: 'dispute-won', paymentId: 'pi_1', amount: money('55000', 'KRW') },
    ],
    ['charge.dispute.closed', dispute('pi_1', 55_000, 'lost'), { kind: 'other' }],
    ['customer.created', { id: 'cus_1' }, { kind: 'other' }],
  ])('%s', async (type, object, notice) => {
    expect(await read(signedEvent(type, object, { atMs: NOW_MS }))).toEqual({ ok: true, value: notice });
  });

  it.each([
    ['signed by somebody else', signedEvent('x', {}, { atMs: NOW_MS, secret: 'whsec_other' })],
    ['signed more than five minutes ago', signedEvent('x', {}, { atMs: NOW_MS - 301_000 })],
    ['changed on its way', { ...signedEvent('x', {}, { atMs: NOW_MS }), body: '{"type":"x","data":{}}' }],
    ['not signed', { body: '{}', signature: '' }],
    ['signed in no way', { body: '{}', signature: 't=,v1=' }],
    ['of bytes that are no JSON', { body: '\u0000', signature: 'a=b' }],
  ])('are refused: %s', async (_, notice) => {
    expect(await read(notice)).toMatchObject({ ok: false, refusal: { code: 'card-notice-refused' } });
  });

  it('are taken up to five minutes old', async () => {
    expect((await read(signedEvent('x', {}, { atMs: NOW_MS - 300_000 }))).ok).toBe(true);
  });
});
