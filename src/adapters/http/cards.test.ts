import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import {
  dispute,
  paidSession,
  RecordedStripe,
  refundedCharge,
  signedEvent,
  WEBHOOK_SECRET,
} from '../../../test/support/recorded-stripe.ts';
import type { LedgerAccount } from '../../domain/billing/ledger/index.ts';
import { PAYMENT_TERM_MS } from '../../domain/market/index.ts';
import { openStripePayments } from '../payments/stripe/index.ts';

type Headers = Record<string, string>;

let face: TestFace;
let stripe: RecordedStripe;
let operator: Headers;
let mina: Headers;
let memberId: string;
let keys = 0;

beforeAll(async () => {
  stripe = new RecordedStripe();
  const clock = { nowMs: () => face.clock.nowMs };
  const cards = await openStripePayments({
    secretKey: 'sk_test_of_the_tests',
    webhookSecret: WEBHOOK_SECRET,
    clock,
    warn: () => undefined,
    at: await stripe.listen(),
  });
  face = await openTestFace({ cards });
  operator = await face.as('operator');
  memberId = (await face.member('individual')).id;
  mina = await face.as('individual', memberId);
});

afterAll(() => stripe.close());

async function ask(method: 'GET' | 'POST', url: string, headers: Headers, payload?: object) {
  keys += 1;
  const answer = await face.server.inject({
    method,
    url,
    headers: method === 'POST' ? { 'idempotency-key': `key-${keys}`, ...headers } : headers,
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function notice({ body, signature }: { readonly body: string; readonly signature: string }) {
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  const answer = await face.server.inject({
    method: 'POST',
    url: '/v1/card-notices',
    headers,
    payload: body,
  });
  return { status: answer.statusCode, body: answer.json() };
}

function told(type: string, object: object) {
  return notice(signedEvent(type, object, { atMs: face.clock.nowMs }));
}

async function order(number: string) {
  const { id } = (await ask('POST', '/v1/number-orders', mina, { number })).body;
  const { paymentRequest } = (await ask('POST', `/v1/number-orders/${id}/confirmation`, mina)).body;
  return { id, reference: paymentRequest.reference as string };
}

async function state(orderId: string): Promise<string> {
  return (await ask('GET', `/v1/number-orders/${orderId}`, mina)).body.state;
}

/** What each account has more than at the last look, in whole won. */
function changes(...accounts: LedgerAccount[]) {
  const before = new Map<LedgerAccount, bigint>();
  return async () => {
    const { unbalanced, deviating } = await face.services.ledger.audit();
    expect([unbalanced, deviating]).toEqual([[], []]);
    const moved: Record<string, number> = {};
    for (const account of accounts) {
      const { creditsMicros, debitsMicros } = await face.services.ledger.balance(account, 'KRW');
      const now = (creditsMicros - debitsMicros) / 1_000_000n;
      if (now !== (before.get(account) ?? 0n)) moved[account] = Number(now - (before.get(account) ?? 0n));
      before.set(account, now);
    }
    return moved;
  };
}

const WAYS = { paidUrl: 'https://shop.example/paid', cancelledUrl: 'https://shop.example/back' };

describe('R8, R9: a number bought by card', () => {
  it('is the buyer’s once the processor says that the money is there, however often it says so', async () => {
    const change = changes('bank', 'card', 'number-sales', 'deposits');
    await change();
    const { id, reference } = await order('02-6200-1000-082');
    const page = await ask('POST', '/v1/card-checkouts', mina, { orderId: id, ...WAYS });
    expect(page).toMatchObject({
      status: 201,
      body: { url: expect.stringContaining('checkout.stripe.com') },
    });
    expect(await state(id)).toBe('awaiting-payment');
    const unpaid = { ...paidSession(reference, 55_000, 'pi_1000'), payment_status: 'unpaid' };
    expect((await told('checkout.session.completed', unpaid)).body.outcome).toBe('pending');
    const all = await Promise.all(
      Array.from({ length: 5 }, () =>
        told('checkout.session.async_payment_succeeded', paidSession(reference, 55_000, 'pi_1000')),
      ),
    );
    expect(all.map(({ status, body }) => [status, body.outcome])).toEqual(Array(5).fill([200, 'accepted']));
    expect(await state(id)).toBe('assigned');
    expect(await change()).toEqual({ card: -55_000, 'number-sales': 55_000 });
    const closed = await ask('POST', '/v1/card-checkouts', mina, { orderId: id, ...WAYS });
    expect(closed.body.code).toBe('order-closed');
  });

  it('late, for another amount, for a number that expired, after a bank payment: no money is lost', async () => {
    const change = changes('bank', 'card', 'number-sales', 'deposits');
    await change();
    const other = await order('02-6200-1001-082');
    expect(
      (await told('checkout.session.completed', paidSession(other.reference, 54_999, 'pi_1001'))).body
        .outcome,
    ).toBe('unallocated');
    expect(await change()).toEqual({ card: -54_999, deposits: 54_999 });
    expect(await state(other.id)).toBe('awaiting-payment');
    const paid = {
      paymentReference: other.reference,
      noticeId: 'bank 1',
      amount: { amount: '55000', currency: 'KRW' },
    };
    expect((await ask('POST', '/v1/deposits', operator, paid)).body.order.state).toBe('assigned');
    expect(await change()).toEqual({ bank: -55_000, 'number-sales': 55_000 });
    expect(
      (await told('checkout.session.completed', paidSession(other.reference, 55_000, 'pi_1002'))).body
        .outcome,
    ).toBe('refund-due');
    expect(await change()).toEqual({ card: -55_000, deposits: 55_000 });
    const expired = await order('02-6200-1003-082');
    face.clock.nowMs += PAYMENT_TERM_MS;
    expect((await ask('POST', '/v1/card-checkouts', mina, { orderId: expired.id, ...WAYS })).body.code).toBe(
      'order-closed',
    );
    expect(
      (await told('checkout.session.completed', paidSession(expired.reference, 55_000, 'pi_1003'))).body
        .outcome,
    ).toBe('refund-due');
    expect(await state(expired.id)).toBe('expired');
    expect(await change()).toEqual({ card: -55_000, deposits: 55_000 });
    expect(
      (await told('checkout.session.completed', paidSession('OD-00000000', 1, 'pi_1004'))).body.outcome,
    ).toBe('unallocated');
    expect(await change()).toEqual({ card: -1, deposits: 1 });
  });

  it('sends what is to be refunded back by card, once', async () => {
    const change = changes('card', 'deposits');
    await change();
    const due = (await ask('GET', '/v1/deposits?disposition=refund-due', operator)).body.items;
    const [first] = due;
    stripe.failures.push({ status: 400, body: { error: { type: 'card_error', message: 'No.' } } });
    const refused = await ask('POST', `/v1/deposits/${first.id}/refund`, operator);
    expect([refused.status, refused.body.code]).toEqual([503, 'card-processor-unavailable']);
    expect(await change()).toEqual({});
    for (let times = 0; times < 2; times += 1) {
      const refund = await ask('POST', `/v1/deposits/${first.id}/refund`, operator);
      expect(refund.body.disposition).toBe('refunded');
    }
    const intent = first.noticeId.slice('card/'.length);
    expect(stripe.requests.filter(({ fields }) => fields['payment_intent'] === intent)).toHaveLength(2);
    expect((await told('charge.refunded', refundedCharge(intent, 55_000, 55_000))).body.outcome).toBe(
      'refunded',
    );
    expect(await change()).toEqual({ card: 55_000, deposits: -55_000 });
  });

  it('is taken back where the whole money went back in the processor’s pages, and not for a part', async () => {
    const change = changes('card', 'number-sales', 'deposits');
    await change();
    const { id, reference } = await order('02-6200-1005-082');
    const early = await told('charge.refunded', refundedCharge('pi_1005', 55_000, 55_000, reference));
    expect([early.status, early.body.code]).toEqual([404, 'not-found']);
    await told('checkout.session.completed', paidSession(reference, 55_000, 'pi_1005'));
    const part = await told('charge.refunded', refundedCharge('pi_1005', 5_000, 55_000, reference));
    expect(part.body.outcome).toBe('partly-refunded');
    expect(await state(id)).toBe('assigned');
    for (let times = 0; times < 2; times += 1) {
      const whole = await told('charge.refunded', refundedCharge('pi_1005', 55_000, 55_000, reference));
      expect(whole.body.outcome).toBe('refunded');
    }
    expect(await state(id)).toBe('released');
    expect(await change()).toEqual({});
    const foreign = await told('charge.refunded', refundedCharge('pi_of_another_shop', 1, 1));
    expect(foreign.body.outcome).toBe('ignored');
  });

  it('stays sold in a dispute, whose money is a loss until it is won', async () => {
    const { id, reference } = await order('02-6200-1006-082');
    await told('checkout.session.completed', paidSession(reference, 55_000, 'pi_1006'));
    const change = changes('card', 'uncollected', 'number-sales');
    await change();
    for (let times = 0; times < 2; times += 1) {
      expect((await told('charge.dispute.created', dispute('pi_1006', 55_000))).body.outcome).toBe(
        'disputed',
      );
    }
    expect(await change()).toEqual({ card: 55_000, uncollected: -55_000 });
    expect(await state(id)).toBe('assigned');
    const listed = (await ask('GET', `/v1/deposits?orderId=${id}`, operator)).body.items;
    expect(listed[0].reason).toBe('The payer disputes it: the bank took it back.');
    await told('charge.dispute.closed', dispute('pi_1006', 55_000, 'won'));
    expect(await change()).toEqual({ card: -55_000, uncollected: 55_000 });
    expect((await told('charge.dispute.created', dispute('pi_of_another_shop', 1))).body.outcome).toBe(
      'ignored',
    );
  });
});

describe('R23: credit bought by card', () => {
  it('is there once paid, and a loss where it went back after it was spent', async () => {
    const bill = (await ask('POST', '/v1/top-ups', mina, { amount: { amount: '30000', currency: 'KRW' } }))
      .body;
    await ask('POST', '/v1/card-checkouts', mina, { billId: bill.id, ...WAYS });
    expect(stripe.requests.at(-1)?.fields['line_items[0][price_data][unit_amount]']).toBe('30000');
    const member = `member/${memberId}` as const;
    const change = changes('card', member, 'uncollected');
    await change();
    await told('checkout.session.completed', paidSession(bill.paymentReference, 30_000, 'pi_2000'));
    expect(await change()).toEqual({ card: -30_000, [member]: 30_000 });
    await face.services.ledger.write([
      {
        kind: 'posted',
        id: 'call',
        debit: member,
        credit: 'call-revenue',
        currency: 'KRW',
        micros: 1_000_000n,
        purpose: 'call',
        subject: 'call/1',
        atMs: 1,
      },
    ]);
    const back = await told(
      'charge.refunded',
      refundedCharge('pi_2000', 30_000, 30_000, bill.paymentReference),
    );
    expect(back.body.outcome).toBe('disputed');
    expect(await change()).toEqual({ card: 30_000, [member]: -1, uncollected: -30_000 });
    // The processor tells it again, when there is credit once more: the money went back once.
    await face.services.ledger.write([
      {
        kind: 'posted',
        id: 'by bank',
        debit: 'bank',
        credit: member,
        currency: 'KRW',
        micros: 30_000_000_000n,
        purpose: 'top-up',
        subject: 'bill/2',
        atMs: 2,
      },
    ]);
    const again = await told(
      'charge.refunded',
      refundedCharge('pi_2000', 30_000, 30_000, bill.paymentReference),
    );
    expect(again.body.outcome).toBe('disputed');
    expect(await change()).toEqual({ [member]: 30_000 });
  });
});

describe('R9: notices', () => {
  it('that are forged, old or not signed are refused, and nothing is recorded', async () => {
    const { id, reference } = await order('02-6200-1007-082');
    const session = paidSession(reference, 55_000, 'pi_1007');
    const atMs = face.clock.nowMs;
    const type = 'checkout.session.completed';
    const genuine = signedEvent(type, session, { atMs });
    for (const forged of [
      signedEvent(type, session, { atMs, secret: 'whsec_guessed' }),
      signedEvent(type, session, { atMs: atMs - 600_000 }),
      { ...genuine, body: genuine.body.replace('55000', '55001') },
      { ...genuine, body: ` ${genuine.body}` },
      { ...genuine, signature: 'x' },
    ]) {
      expect(await notice(forged)).toMatchObject({ status: 400, body: { code: 'card-notice-refused' } });
    }
    const unsigned = { method: 'POST', url: '/v1/card-notices', payload: { type } } as const;
    expect((await face.server.inject(unsigned)).json().code).toBe('card-notice-refused');
    expect(await state(id)).toBe('awaiting-payment');
    expect((await told('customer.created', { id: 'cus_1' })).body.outcome).toBe('ignored');
  });

  it('and pages are refused in plain words where cards are off', async () => {
    const off = await openTestFace();
    const answer = await off.server.inject({
      method: 'POST',
      url: '/v1/card-notices',
      headers: { 'content-type': 'application/json', 'stripe-signature': 'x' },
      payload: '{}',
    });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'card-payments-off']);
    const headers = {
      ...(await off.as('individual', (await off.member('individual')).id)),
      'idempotency-key': 'k',
    };
    const post = async (url: string, payload: object) =>
      (
        await off.server.inject({
          method: 'POST',
          url,
          headers: { ...headers, 'idempotency-key': url },
          payload,
        })
      ).json();
    const bill = await post('/v1/top-ups', { amount: { amount: '1000', currency: 'KRW' } });
    expect((await post('/v1/card-checkouts', { billId: bill.id, ...WAYS })).code).toBe('card-payments-off');
    await off.server.close();
  });

  it('a page is for those whose order it is, and leads back to a web address', async () => {
    const { id } = await order('02-6200-1008-082');
    const stranger = await face.as('individual', (await face.member('individual')).id);
    expect((await ask('POST', '/v1/card-checkouts', stranger, { orderId: id, ...WAYS })).status).toBe(404);
    const odd = { orderId: id, ...WAYS, paidUrl: 'javascript:alert(1)' };
    expect((await ask('POST', '/v1/card-checkouts', mina, odd)).status).toBe(400);
  });
});
