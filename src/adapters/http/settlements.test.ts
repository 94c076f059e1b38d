import { afterEach, describe, expect, it } from 'vitest';
import { BT_AGREEMENT, btCost } from '../../../test/support/charging-terms.ts';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import type { ChargeTerms } from '../../domain/billing/charging/index.ts';

let face: TestFace;
afterEach(async () => face.server.close());

const COST = btCost(60_000n);

/** A face with an agreement with BT, and hands of an operator. */
async function opened() {
  face = await openTestFace();
  face.agreements.push(BT_AGREEMENT);
  const headers = await face.as('operator');
  let key = 0;
  const ask = async (method: 'GET' | 'POST', url: string, body?: object | string) => {
    const type = typeof body === 'string' ? { 'content-type': 'text/csv' } : {};
    key += 1;
    const response = await face.server.inject({
      method,
      url,
      headers: { ...headers, ...type, 'idempotency-key': `key-${key}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    return {
      status: response.statusCode,
      body: response.body.startsWith('{') ? response.json() : response.body,
    };
  };
  return { ask, headers };
}

async function call(
  id: string,
  answeredAt: string,
  seconds: number,
  charging: readonly ChargeTerms[] = [COST],
) {
  const answeredAtMs = Date.parse(answeredAt);
  const endedAtMs = answeredAtMs + seconds * 1_000;
  const times = { startedAtMs: answeredAtMs, answeredAtMs, endedAtMs, lastSeenAtMs: endedAtMs };
  await face.calls.save([
    { id, status: 'completed', callerNumber: '+82262006200', dialled: '+442079460000', charging, ...times },
  ]);
}

const CLOSE = { trunk: 'bt', period: '2026-10-01' };

describe('settlements over HTTP', () => {
  it('R23: a month is looked at, closed, confirmed and paid; what is left goes into the next', async () => {
    const { ask } = await opened();
    await call('c1', '2026-10-05T10:00:00Z', 100);
    await call('c2', '2026-11-05T10:00:00Z', 50);
    expect((await ask('GET', '/v1/settlements/next?trunk=bt')).body).toMatchObject({
      period: { name: '2026-10-01', from: '2026-09-30T23:00:00.000Z', until: '2026-11-01T00:00:00.000Z' },
      isOver: true,
      statement: { owedByUs: { amount: '0.10', currency: 'GBP' }, difference: { amount: '0.00' } },
    });
    expect(await ask('POST', '/v1/settlements', { trunk: 'bt', period: '2026-09-01' })).toMatchObject({
      status: 409,
      body: { code: 'settlement-period-not-over', detail: expect.stringMatching(/2026-10-01/) },
    });
    const closed = await ask('POST', '/v1/settlements', CLOSE);
    expect(closed).toMatchObject({ status: 201, body: { state: 'closed', due: { amount: '0.10' } } });
    const { id } = closed.body;
    expect((await ask('POST', '/v1/settlements', CLOSE)).body.id).toBe(id);
    expect((await ask('POST', '/v1/settlements', { trunk: 'bt', period: '2026-11-01' })).status).toBe(409);
    const payment = { amount: { amount: '0.08', currency: 'GBP' }, reference: 'wire 7' };
    expect((await ask('POST', `/v1/settlements/${id}/payment`, payment)).status).toBe(409);
    expect((await ask('POST', `/v1/settlements/${id}/confirm`)).body.state).toBe('confirmed');
    const dollars = { ...payment, amount: { amount: '1', currency: 'USD' } };
    expect((await ask('POST', `/v1/settlements/${id}/payment`, dollars)).body.code).toBe('amount-mismatch');
    const paid = await ask('POST', `/v1/settlements/${id}/payment`, payment);
    expect(paid.body).toMatchObject({
      state: 'paid',
      payment: { amount: { amount: '0.08' }, reference: 'wire 7' },
    });
    expect((await ask('POST', `/v1/settlements/${id}/payment`, payment)).status).toBe(200);
    face.clock.nowMs = Date.UTC(2026, 11, 2);
    const november = await ask('POST', '/v1/settlements', { trunk: 'bt', period: '2026-11-01' });
    expect(november.body.statement.carriedForward.amount).toBe('0.02');
    expect(november.body.due.amount).toBe('0.07');
    const balance = await face.services.ledger.balance('trunk/bt', 'GBP');
    expect(balance.creditsMicros - balance.debitsMicros).toBe(70_000n);
    expect(
      (await ask('GET', '/v1/settlements?state=paid')).body.items.map((each: { id: string }) => each.id),
    ).toEqual([id]);
  });

  it('R23: every charge of a settlement is a line of CSV', async () => {
    const { ask } = await opened();
    await call('c1', '2026-10-05T10:00:00Z', 100, [{ ...COST, destination: 'UK, "London"' }]);
    const { body } = await ask('POST', '/v1/settlements', CLOSE);
    expect((await ask('GET', `/v1/settlements/${body.id}/charges.csv`)).body).toBe(
      'id,call,kind,run,account,paid_by,number,destination,prefix,tariff,answered_at,ended_at,currency,caller,late,billed_seconds,amount\n' +
        'c1/cost,c1,cost,1,trunk/bt,us,442079460000,"UK, ""London""",44,bt-deck,2026-10-05T10:00:00.000Z,2026-10-05T10:01:40.000Z,GBP,,no,100,0.10\n',
    );
  });

  it('R23: their records are compared, what differs is disputed, and what is agreed on moves', async () => {
    const { ask } = await opened();
    await call('same', '2026-10-05T10:00:00Z', 100);
    await call('longer', '2026-10-05T11:00:00Z', 100);
    await call('ours', '2026-10-05T12:00:00Z', 100);
    const { body: closed } = await ask('POST', '/v1/settlements', CLOSE);
    const records = [
      'caller;called;answer time;duration;price',
      ';0044 20 7946 0000;05.10.2026 11:00:02;100;0,10',
      ';0044 20 7946 0000;05.10.2026 12:00:00;200;0,20',
      ';0044 20 7946 0000;05.10.2026 15:00:00;50;0,05',
      ';nobody;05.10.2026 15:00:00;50;0,05',
    ].join('\n');
    const compared = await ask('POST', `/v1/settlements/${closed.id}/reconciliations`, records);
    expect(compared.body).toMatchObject({
      alike: 1,
      ours: { calls: 3, amount: { amount: '0.30' } },
      theirs: { calls: 3, amount: { amount: '0.35' } },
      atStake: { amount: '0.25' },
      faults: [{ line: 5 }],
      differences: expect.arrayContaining([
        expect.objectContaining({ kind: 'duration', amount: { amount: '0.10', currency: 'GBP' } }),
      ]),
    });
    const again = await ask('GET', `/v1/reconciliations/${compared.body.id}`);
    expect(again.body).toEqual(compared.body);
    const disputed = await ask('POST', `/v1/reconciliations/${compared.body.id}/dispute`, {});
    expect(disputed.body).toMatchObject({ state: 'disputed' });
    const items: { item: number; what: string; callId?: string }[] = disputed.body.disputed;
    expect(items.map(({ what }) => what)).toContain(
      'The call of 2026-10-05T11:00:00.000Z, anonymous to 442079460000 (line 3 of their records): they have 200 s, we have 100 s.',
    );
    const outcomes = items.map(({ item, callId }) => ({
      item,
      amount: callId === 'longer' ? '0.10' : '0',
      because: 'looked into',
    }));
    expect(
      (await ask('POST', `/v1/settlements/${closed.id}/resolve`, { outcomes: outcomes.slice(1) })).status,
    ).toBe(422);
    const resolved = await ask('POST', `/v1/settlements/${closed.id}/resolve`, { outcomes });
    expect(resolved.body).toMatchObject({ state: 'confirmed', due: { amount: '0.40' } });
    expect((await face.services.ledger.balance('trunk/bt', 'GBP')).creditsMicros).toBe(400_000n);
  });

  it('R23: calls to our own numbers are found by their telephone numbers, and what they ask less is owed to us less', async () => {
    const { ask } = await opened();
    const inbound = {
      ...COST,
      kind: 'inbound',
      leg: 'inbound',
      paidBy: 'other',
      number: 'operator:own:0262006200082',
    } as const;
    await call('c1', '2026-10-05T10:00:00Z', 100, [inbound]);
    const { body: closed } = await ask('POST', '/v1/settlements', CLOSE);
    const records =
      'A;B;connect time;billsec;cost\n+82 2 6200 6200;0082-2-6200-6200;2026-10-05 11:00:00;100;0,09\n';
    const url = `/v1/settlements/${closed.id}/reconciliations`;
    const compared = await ask('POST', `${url}?direction=inbound`, records);
    expect(compared.body.differences).toMatchObject([{ kind: 'price', amount: { amount: '-0.01' } }]);
    const disputed = await ask('POST', `/v1/reconciliations/${compared.body.id}/dispute`, {
      kinds: ['price'],
    });
    expect(disputed.body.disputed).toMatchObject([{ callId: 'c1', amount: { amount: '0.01' } }]);
    // Nothing went out to them, and what goes the other way is not compared.
    expect((await ask('POST', url, records)).body).toMatchObject({
      ours: { calls: 0 },
      theirs: { calls: 1 },
    });
    const none = { kinds: ['only-ours'] };
    expect((await ask('POST', `/v1/reconciliations/${compared.body.id}/dispute`, none)).status).toBe(400);
  });

  it('R23: the statement is issued as a document, once, and adds up', async () => {
    const { ask } = await opened();
    await call('c1', '2026-10-05T10:00:00Z', 100);
    const { body: closed } = await ask('POST', '/v1/settlements', CLOSE);
    const url = `/v1/settlements/${closed.id}/document`;
    expect((await ask('POST', url, {})).body.code).toBe('seller-unknown');
    Object.assign(face.services.settings, { seller: { name: 'Omnidial', addressLines: ['Seoul'] } });
    const issued = await ask('POST', url, { language: 'ko' });
    expect(issued.body).toMatchObject({
      kind: 'settlement-statement',
      total: { amount: '0.10', currency: 'GBP' },
      subject: { kind: 'settlement', id: closed.id },
    });
    expect((await ask('POST', url, { language: 'en' })).body).toEqual(issued.body);
    const pdf = await face.server.inject({
      url: `/v1/documents/${issued.body.id}/pdf`,
      headers: await face.as('operator'),
    });
    expect(pdf.body.slice(0, 5)).toBe('%PDF-');
  });

  it('R23: an amount that is not worth a transfer is left by a payment of nothing', async () => {
    const { ask } = await opened();
    await call('c1', '2026-10-05T10:00:00Z', 1);
    const { body: closed } = await ask('POST', '/v1/settlements', CLOSE);
    await ask('POST', `/v1/settlements/${closed.id}/confirm`);
    const payment = { amount: { amount: '0', currency: 'GBP' }, reference: 'too little' };
    expect((await ask('POST', `/v1/settlements/${closed.id}/payment`, payment)).body.state).toBe('paid');
    const next = await ask('GET', '/v1/settlements/next?trunk=bt');
    expect(next.body.statement.carriedForward.amount).toBe('0.001');
  });

  it('R23: records that cannot be read are refused, with what is missing', async () => {
    const { ask } = await opened();
    await call('c1', '2026-10-05T10:00:00Z', 100);
    const { body: closed } = await ask('POST', '/v1/settlements', CLOSE);
    const url = `/v1/settlements/${closed.id}/reconciliations`;
    expect((await ask('POST', url, 'x,y\n1,2')).body).toMatchObject({ code: 'records-unreadable' });
    expect((await ask('POST', `${url}?timeZone=Nowhere`, 'x,y\n1,2')).body.code).toBe('time-zone-unknown');
    expect((await ask('POST', '/v1/settlements/nothing/reconciliations', 'x')).status).toBe(404);
  });

  it('R23: only operators settle, and only where something was agreed', async () => {
    const { ask } = await opened();
    expect((await ask('POST', '/v1/settlements', { ...CLOSE, trunk: 'ntt' })).status).toBe(404);
    const member = await face.member('individual');
    const headers = await face.as('individual', member.id);
    for (const url of [
      '/v1/settlements',
      '/v1/settlements/next?trunk=bt',
      '/v1/margins?from=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z',
    ]) {
      expect((await face.server.inject({ url, headers })).statusCode).toBe(403);
    }
  });
});

describe('charges over HTTP', () => {
  async function charged() {
    const { ask, headers } = await opened();
    const member = await face.member('individual');
    const sale: ChargeTerms = {
      ...COST,
      kind: 'sale',
      leg: 'sale',
      account: `member/${member.id}`,
      paidBy: 'other',
    };
    const answeredAtMs = Date.parse('2026-10-05T10:00:00Z');
    const endedAtMs = answeredAtMs + 100_000;
    await face.calls.save([
      {
        id: 'c1',
        status: 'completed',
        callerMemberId: member.id,
        dialled: '+442079460000',
        charging: [sale, COST],
        startedAtMs: answeredAtMs,
        answeredAtMs,
        endedAtMs,
        lastSeenAtMs: endedAtMs,
      },
    ]);
    const own = await face.as('individual', member.id);
    const get = async (url: string, who = headers) =>
      (await face.server.inject({ url, headers: who })).json();
    return { ask, get, own, member };
  }

  const idsOf = (page: { items: readonly { id: string }[] }) => page.items.map(({ id }) => id);

  it('R23: members see what they pay, operators also what it costs', async () => {
    const { get, own } = await charged();
    expect(idsOf(await get('/v1/charges', own))).toEqual(['c1/sale']);
    expect((await get('/v1/charges?account=trunk/bt', own)).code).toBe('not-found');
    expect(idsOf(await get('/v1/charges'))).toEqual(['c1/cost', 'c1/sale']);
    expect(idsOf(await get('/v1/charges?kind=cost&numberPrefix=%2B4420&from=2026-10-05T00:00:00Z'))).toEqual([
      'c1/cost',
    ]);
    expect(idsOf(await get('/v1/charges?until=2026-10-05T00:00:00Z'))).toEqual([]);
    expect((await get('/v1/charges?account=nobody')).code).toBe('ledger-account-unknown');
    const first = await get('/v1/charges?limit=1');
    expect(idsOf(await get(`/v1/charges?limit=1&after=${first.next}`))).toEqual(['c1/sale']);
    expect((await get('/v1/charges?after=x')).code).toBe('cursor-malformed');
  });

  it('R23: a call shows its charges, each side its own', async () => {
    const { get, own } = await charged();
    const chargesOf = ({ charges }: { charges: readonly { kind: string; amount: { amount: string } }[] }) =>
      charges.map(({ kind, amount }) => `${kind} ${amount.amount}`);
    expect(chargesOf(await get('/v1/calls/c1', own))).toEqual(['sale 0.10']);
    expect(chargesOf(await get('/v1/calls/c1'))).toEqual(['sale 0.10', 'cost 0.10']);
  });

  it('R23: charges are exported as CSV', async () => {
    const { own } = await charged();
    const { body, headers } = await face.server.inject({ url: '/v1/charges.csv', headers: own });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(body.split('\n').map((line) => line.split(',')[0])).toEqual(['id', 'c1/sale', '']);
  });

  it('R23: a correction says why, is confirmed, and moves what it changes', async () => {
    const { ask, member } = await charged();
    const url = '/v1/charges/c1%2Fcost/corrections';
    const correction = {
      amount: { amount: '0.0725', currency: 'GBP' },
      reason: 'wrong rate',
      confirmation: 'c1',
    };
    expect((await ask('POST', url, { ...correction, confirmation: 'c2' })).body.code).toBe(
      'confirmation-missing',
    );
    expect(
      (await ask('POST', url, { ...correction, amount: { amount: '1', currency: 'USD' } })).body.code,
    ).toBe('amount-mismatch');
    expect(
      (await ask('POST', url, { ...correction, amount: { amount: '-1', currency: 'GBP' } })).status,
    ).toBe(400);
    expect(await ask('POST', url, correction)).toMatchObject({
      status: 201,
      body: { id: 'c1/cost/2', run: 2, amount: { amount: '0.0725' }, correction: { reason: 'wrong rate' } },
    });
    expect((await ask('POST', url, correction)).body.code).toBe('charge-corrected-before');
    const { creditsMicros, debitsMicros } = await face.services.ledger.balance('trunk/bt', 'GBP');
    expect(creditsMicros - debitsMicros).toBe(72_500n);
    const headers = await face.as('individual', member.id);
    const refused = await face.server.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'idempotency-key': 'k' },
      payload: correction,
    });
    expect(refused.statusCode).toBe(403);
  });

  it('R23: margins stand by destination, each currency apart', async () => {
    const { get } = await charged();
    const span = 'from=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z';
    expect((await get(`/v1/margins?${span}`)).items).toEqual([
      {
        key: 'UK',
        calls: 1,
        minutes: 1.67,
        averageSeconds: 100,
        revenue: { amount: '0.10', currency: 'GBP' },
        cost: { amount: '0.10', currency: 'GBP' },
        margin: { amount: '0.00', currency: 'GBP' },
      },
    ]);
    expect((await get(`/v1/margins?by=carrier&${span}`)).items[0].key).toBe('bt');
    expect((await get('/v1/margins?from=2026-11-01T00:00:00Z&until=2026-10-01T00:00:00Z')).code).toBe(
      'request-invalid',
    );
  });
});
