import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

let face: TestFace;
let operator: { authorization: string };

beforeEach(async () => {
  face = await openTestFace();
  operator = await face.as('operator');
  await face.services.tariffs.create({
    name: 'retail-kr',
    kind: 'retail',
    currency: 'KRW',
    timeZone: 'Asia/Seoul',
    createdAtMs: 0,
  });
});

afterEach(() => face.server.close());

async function ask(
  method: 'GET' | 'PUT',
  url: string,
  payload?: object,
  headers: { authorization?: string } = operator,
) {
  const body = payload === undefined ? {} : { payload };
  const answer = await face.server.inject({ method, url, headers, ...body });
  return { status: answer.statusCode, body: answer.json() };
}

describe('R23: how calls are charged is set over HTTP', () => {
  it('shows what was set, and refuses a revision that is gone', async () => {
    const charging = {
      defaultPlan: 'retail-kr',
      exchangeRates: [{ from: 'USD', to: 'KRW', rate: '1390.25' }],
    };
    const set = await ask('PUT', '/v1/charging', { charging, revision: '0' });
    expect(set).toMatchObject({ status: 200, body: { revision: '1', charging } });
    expect(await ask('GET', '/v1/charging')).toEqual(set);
    const late = await ask('PUT', '/v1/charging', { charging, revision: '0' });
    expect(late).toMatchObject({ status: 409, body: { code: 'configuration-changed' } });
  });

  it('says where it is wrong', async () => {
    const answer = await ask('PUT', '/v1/charging', { charging: { defaultPlan: 'nowhere', plan: 1 } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'charging-invalid' } });
    expect(answer.body.errors).toMatchObject([{ pointer: '/charging/plan' }]);
  });

  it('gives a member its own terms, which the member sees and does not set', async () => {
    const member = await face.member('individual');
    const url = `/v1/members/${member.id}/calling-terms`;
    const terms = {
      plan: 'retail-kr',
      barredPrefixes: ['4487'],
      callsPremium: false,
      dailyLimit: { amount: '30000', currency: 'KRW' },
      callsPerMinute: 10,
      announcesPrice: true,
    };
    const creditLimit = { amount: '50000', currency: 'KRW' };
    expect(await ask('PUT', url, { ...terms, creditLimit })).toEqual({ status: 200, body: terms });
    const inDollars = { ...terms, dailyLimit: { amount: '100', currency: 'USD' } };
    expect((await ask('PUT', url, inDollars)).body.code).toBe('amount-mismatch');
    const itself = await face.as('individual', member.id);
    expect(await ask('GET', url, undefined, itself)).toEqual({ status: 200, body: terms });
    expect(await ask('PUT', url, terms, itself)).toMatchObject({ status: 403 });
    expect(await ask('GET', '/v1/charging', undefined, itself)).toMatchObject({ status: 403 });
    const balance = await face.services.ledger.balance(`member/${member.id}`, 'KRW');
    expect(balance.floorMicros).toBe(-50_000_000_000n);
  });
});
