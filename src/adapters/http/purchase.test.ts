import { beforeEach, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

const NUMBER = '02-6200-6200-082';

let face: TestFace;
let buyer: { authorization: string };
let operator: { authorization: string };

beforeEach(async () => {
  face = await openTestFace();
  buyer = await face.as('individual', (await face.member('individual')).id);
  operator = await face.as('operator');
});

function post(url: string, headers: Record<string, string>, key: string | undefined, payload?: object) {
  const once = key === undefined ? {} : { 'idempotency-key': key };
  return face.server.inject({
    method: 'POST',
    url,
    headers: { ...headers, ...once },
    ...(payload && { payload }),
  });
}

async function order(key = 'order', number = NUMBER) {
  return post('/v1/number-orders', buyer, key, { number });
}

describe('buying a number over HTTP', () => {
  it('R5: shows what is sold, and what is free, to visitors', async () => {
    const offer = await face.server.inject('/v1/offer');
    expect(offer.json()).toMatchObject({
      numbers: [
        { kind: 'enterprise', price: { amount: '900.00', currency: 'USD' } },
        { kind: 'personal', countryCode: '082', price: { amount: '55000', currency: 'KRW' } },
      ],
    });
    const free = await face.server.inject(
      '/v1/available-numbers?kind=personal&country=082&pattern=*6200&limit=2',
    );
    expect(free.statusCode).toBe(200);
    expect(free.json().items[0].number).toEqual({ kind: 'personal', text: NUMBER, countryCode: '082' });
  });

  it('R5: lists free numbers page by page, each once', async () => {
    const texts: string[] = [];
    let next: string | undefined;
    do {
      const after = next === undefined ? '' : `&after=${next}`;
      const page = (
        await face.server.inject(`/v1/available-numbers?kind=enterprise&pattern=*77&limit=40${after}`)
      ).json();
      texts.push(...page.items.map(({ number }: { number: { text: string } }) => number.text));
      next = page.next;
    } while (next !== undefined);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toHaveLength(100);
  });

  it('R6 … R9: quote, confirm, deposit, and the number is the buyer’s', async () => {
    const quoted = await order();
    expect(quoted.statusCode).toBe(201);
    expect(quoted.json()).toMatchObject({ state: 'approved', price: { amount: '55000', currency: 'KRW' } });
    const { id } = quoted.json();
    const confirmed = await post(`/v1/number-orders/${id}/confirmation`, buyer, 'confirm');
    expect(confirmed.json()).toMatchObject({
      state: 'awaiting-payment',
      paymentRequest: { amount: { amount: '55000', currency: 'KRW' }, depositTo: { bank: 'Bank of Test' } },
    });
    const paymentReference = confirmed.json().paymentRequest.reference;
    const amount = { amount: '55000', currency: 'KRW' };
    const paid = await post('/v1/deposits', operator, 'pay', { paymentReference, noticeId: 'N-1', amount });
    expect(paid.statusCode).toBe(201);
    expect(paid.json()).toMatchObject({ deposit: { disposition: 'accepted' }, order: { state: 'assigned' } });
    expect(paid.json().noReceipt).toBe('seller-unknown');
    const numbers = await face.server.inject({ url: '/v1/numbers', headers: buyer });
    const [{ orderId, paidUntil, ...held }] = numbers.json().items;
    expect(orderId).toBe(id);
    expect(held).toEqual({
      kind: 'personal',
      text: NUMBER,
      countryCode: '082',
      renewal: { mode: 'by-bill', state: 'current' },
    });
    const year = Date.parse(paidUntil) - face.clock.nowMs;
    expect([365, 366]).toContain(year / 86_400_000);
    const url = `/v1/number-orders/${id}/renewal`;
    const payload = { mode: 'from-credit' };
    const renewed = await face.server.inject({ method: 'PUT', url, headers: buyer, payload });
    expect(renewed.json()).toMatchObject({ paidUntil, renewal: { mode: 'from-credit', state: 'current' } });
    expect((await face.server.inject({ url, headers: buyer })).json()).toEqual(renewed.json());
  });

  it('R7: refuses with the reason', async () => {
    const refusedOrder = await order('other', '02-7777-6200-082');
    expect(refusedOrder.statusCode).toBe(422);
    expect(refusedOrder.json()).toMatchObject({ code: 'number-not-for-sale' });
  });

  it('R9: a deposit of another amount is refused, and the order goes on waiting', async () => {
    const { id } = (await order()).json();
    const { paymentRequest } = (await post(`/v1/number-orders/${id}/confirmation`, buyer, 'confirm')).json();
    const deposit = {
      paymentReference: paymentRequest.reference,
      noticeId: 'N-1',
      amount: { amount: '54999', currency: 'KRW' },
    };
    expect((await post('/v1/deposits', operator, 'pay', deposit)).json().code).toBe('amount-mismatch');
    const after = await face.server.inject({ url: `/v1/number-orders/${id}`, headers: buyer });
    expect(after.json().state).toBe('awaiting-payment');
  });

  it('gives a purchase up, and the number is free for the next', async () => {
    const { id } = (await order()).json();
    expect((await post(`/v1/number-orders/${id}/cancellation`, buyer, undefined)).json().state).toBe(
      'cancelled',
    );
    expect((await order('again')).statusCode).toBe(201);
  });

  it('lists orders with a cursor, newest first', async () => {
    for (const digit of [1, 2, 3]) {
      face.clock.nowMs += 1;
      await order(`order ${digit}`.replace(' ', '-'), `02-6200-000${digit}-082`);
    }
    const first = (await face.server.inject({ url: '/v1/number-orders?limit=2', headers: buyer })).json();
    expect(first.items.map((item: { number: { text: string } }) => item.number.text)).toEqual([
      '02-6200-0003-082',
      '02-6200-0002-082',
    ]);
    const rest = (
      await face.server.inject({ url: `/v1/number-orders?after=${first.next}`, headers: buyer })
    ).json();
    expect(rest.items).toHaveLength(1);
    expect(rest.next).toBeUndefined();
  });
});

describe('Idempotency-Key', () => {
  it('is required where money is at stake', async () => {
    const refusedOrder = await post('/v1/number-orders', buyer, undefined, { number: NUMBER });
    expect([refusedOrder.statusCode, refusedOrder.json().code]).toEqual([400, 'idempotency-key-missing']);
  });

  it('gives the same request the same answer', async () => {
    const first = await order();
    const again = await order();
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
  });

  it('gives a refusal again too, as a problem', async () => {
    const [first, again] = [await order('k', '02-7777-6200-082'), await order('k', '02-7777-6200-082')];
    expect(again.statusCode).toBe(422);
    expect(again.body).toBe(first.body);
    expect(again.headers['content-type']).toContain('application/problem+json');
  });

  it('refuses another body under the same key', async () => {
    await order('one', NUMBER);
    const other = await order('one', '02-6200-6201-082');
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('of one person is not that of another', async () => {
    await order('one', NUMBER);
    const stranger = await face.as('individual', (await face.member('individual')).id);
    const answer = await post('/v1/number-orders', stranger, 'one', { number: NUMBER });
    expect(answer.json().code).toBe('number-held');
  });

  it('lets one of many at once through, and the others hear that it is under way or get its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => order('same')));
    const ids = new Set(
      answers.filter(({ statusCode }) => statusCode === 201).map((answer) => answer.json().id),
    );
    expect(ids.size).toBe(1);
    const others = answers.filter(({ statusCode }) => statusCode !== 201).map((answer) => answer.json().code);
    expect(others.every((code) => code === 'idempotency-in-flight')).toBe(true);
  });

  it('keeps no password readable: the answer is sealed by the key', async () => {
    const kept: string[] = [];
    const { idempotency } = face.services;
    const finish = idempotency.finish.bind(idempotency);
    idempotency.finish = (request, answer) => {
      kept.push(JSON.stringify([request, answer]));
      return finish(request, answer);
    };
    const body = { name: 'desk', countryCode: '082' };
    const made = (await post('/v1/terminals', buyer, 'terminal', body)).json();
    expect((await post('/v1/terminals', buyer, 'terminal', body)).json()).toEqual(made);
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toContain(made.password);
    expect(kept[0]).not.toContain('"terminal"');
  });
});
