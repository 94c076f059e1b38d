import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import { recordEvent } from '../../services/record-event.ts';

type Headers = Record<string, string>;

let face: TestFace;
let operator: Headers;
let mina: Headers;
let juno: Headers;
let agent: Headers;
let memberId: string;

beforeAll(async () => {
  face = await openTestFace();
  const [member, other] = [await face.member('individual'), await face.member('enterprise')];
  memberId = member.id;
  operator = await face.as('operator');
  mina = await face.as('individual', member.id);
  juno = await face.as('enterprise-administrator', other.id);
  agent = await face.as('enterprise-agent', other.id);
});
afterAll(() => face.server.close());

async function ask(method: string, path: string, headers: Headers, payload?: object) {
  const url = `/v1/webhooks${path}`;
  const answer = await face.server.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}

const FORM = { url: 'https://example.com/hook', topics: ['orders', 'calls', 'orders'] };

async function made(headers: Headers, change: object = {}) {
  const { status, body } = await ask('POST', '', headers, { ...FORM, ...change });
  expect(status).toBe(201);
  return body as { webhook: { id: string }; secret: string };
}

describe('/v1/webhooks', () => {
  it('makes one, shows its secret once, changes and removes it', async () => {
    const { webhook, secret } = await made(mina, { description: 'the desk' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const shown = { id: webhook.id, memberId, url: FORM.url, topics: ['orders', 'calls'], state: 'open' };
    expect(webhook).toMatchObject({ ...shown, description: 'the desk' });
    const one = await ask('GET', `/${webhook.id}`, mina);
    expect(one).toEqual({ status: 200, body: webhook });
    expect(JSON.stringify(one)).not.toContain('whsec_');
    const off = await ask('PATCH', `/${webhook.id}`, mina, { state: 'disabled', description: '' });
    expect(off.body).toMatchObject({ state: 'disabled', disabledReason: 'by-owner' });
    expect(off.body).not.toHaveProperty('description');
    const on = await ask('PATCH', `/${webhook.id}`, mina, { state: 'open', url: 'https://other.example' });
    expect(on.body).toMatchObject({ state: 'open', url: 'https://other.example/' });
    expect((await ask('DELETE', `/${webhook.id}`, mina)).status).toBe(204);
    expect((await ask('DELETE', `/${webhook.id}`, mina)).status).toBe(404);
  });

  it('the same request with a key makes one webhook, with one secret', async () => {
    const headers = { ...mina, 'idempotency-key': 'once' };
    const [first, again] = [await made(headers), await made(headers)];
    expect(again).toEqual(first);
    await ask('DELETE', `/${first.webhook.id}`, mina);
  });

  it('members see and change their own, operators any, and agents none', async () => {
    const own = await made(mina);
    const everybodys = await made(operator);
    const formember = await made(operator, { memberId });
    const seen = async (headers: Headers) =>
      (await ask('GET', '', headers)).body.items.map(({ id }: { id: string }) => id);
    expect(await seen(mina)).toEqual([formember.webhook.id, own.webhook.id]);
    expect(await seen(juno)).toEqual([]);
    expect(await seen(operator)).toEqual([formember, everybodys, own].map(({ webhook }) => webhook.id));
    for (const { webhook } of [own, everybodys]) {
      const path = `/${webhook.id}`;
      const tries = [
        ['GET', ''],
        ['PATCH', '', { state: 'disabled' }],
        ['DELETE', ''],
        ['POST', '/secret'],
        ['GET', '/deliveries'],
        ['POST', '/test-events'],
        ['POST', '/deliveries/x/replay'],
        ['POST', '/replay', { since: '2026-11-25T00:00:00Z' }],
      ] as const;
      for (const [method, more, payload] of tries) {
        expect((await ask(method, path + more, juno, payload)).status, `${method} ${more}`).toBe(404);
        expect((await ask(method, path + more, agent, payload)).status, `${method} ${more}`).toBe(403);
      }
      expect((await ask('GET', path, operator)).status).toBe(200);
    }
    expect((await ask('POST', '', mina, { ...FORM, memberId: 'somebody' })).status).toBe(404);
    expect((await ask('POST', '', operator, { ...FORM, memberId: 'nobody' })).status).toBe(404);
    expect((await ask('POST', '', agent, FORM)).status).toBe(403);
  });

  it.each([
    [{ url: 'http://example.com/' }, 422, 'webhook-url-refused'],
    [{ url: 'https://user:word@example.com/' }, 422, 'webhook-url-refused'],
    [{ url: 'nonsense' }, 422, 'webhook-url-refused'],
    [{ topics: [] }, 400, 'request-invalid'],
    [{ topics: ['test'] }, 400, 'request-invalid'],
    [{ secret: 'whsec_mine' }, 400, 'request-invalid'],
  ])('%j is refused', async (change, status, code) => {
    expect(await ask('POST', '', mina, { ...FORM, ...change })).toMatchObject({ status, body: { code } });
  });

  it('there are twenty of one owner at most', async () => {
    const many = await face.as('individual', (await face.member('individual')).id);
    for (let count = 0; count < 20; count += 1) await made(many);
    expect(await ask('POST', '', many, FORM)).toMatchObject({
      status: 409,
      body: { code: 'too-many-webhooks' },
    });
  });

  it('a new secret stands beside the one before', async () => {
    const { webhook, secret } = await made(mina);
    const changed = await ask('POST', `/${webhook.id}/secret`, mina);
    expect(changed.status).toBe(200);
    expect(changed.body.secret).not.toBe(secret);
    const until = new Date(face.clock.nowMs + 86_400_000).toISOString();
    expect(changed.body.webhook.secretUntil).toBe(until);
  });

  it('shows what was sent, and sends it again', async () => {
    const { webhook } = await made(mina);
    const path = `/${webhook.id}`;
    const test = await ask('POST', `${path}/test-events`, mina);
    expect(test).toMatchObject({ status: 202, body: { type: 'webhook.test', state: 'pending', tries: 0 } });
    await recordEvent(face.services, {
      ...{ id: 'order_assigned_1', topic: 'orders', type: 'order.assigned', memberId },
      ...{ occurredAtMs: face.clock.nowMs, data: { id: '1' } },
    });
    const { body } = await ask('GET', `${path}/deliveries?limit=1`, mina);
    expect(body.items).toMatchObject([{ eventId: 'order_assigned_1', data: { id: '1' } }]);
    const rest = await ask('GET', `${path}/deliveries?after=${body.next}`, mina);
    expect(rest.body).toEqual({ items: [test.body] });
    expect((await ask('GET', `${path}/deliveries?after=x`, mina)).body.code).toBe('cursor-malformed');
    await ask('PATCH', path, mina, { state: 'disabled' });
    const lost = await ask('GET', `${path}/deliveries?state=given-up`, mina);
    expect(lost.body.items).toHaveLength(2);
    expect(lost.body.items[0]).toMatchObject({ reason: 'endpoint-disabled' });
    const since = { since: '2026-01-01T00:00:00+09:00' };
    for (const [more, payload] of [['/test-events'], ['/replay', since], ['/deliveries/x/replay']] as const) {
      expect((await ask('POST', path + more, mina, payload)).body.code).toBe('webhook-disabled');
    }
    await ask('PATCH', path, mina, { state: 'open' });
    const one = await ask('POST', `${path}/deliveries/order_assigned_1/replay`, mina);
    expect(one).toMatchObject({ status: 202, body: { state: 'pending' } });
    expect((await ask('POST', `${path}/replay`, mina, since)).body).toEqual({ events: 1 });
    expect((await ask('POST', `${path}/deliveries/nothing/replay`, mina)).status).toBe(404);
    expect((await ask('POST', `${path}/replay`, mina, { since: 'yesterday' })).status).toBe(400);
  });
});
