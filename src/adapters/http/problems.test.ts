import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import { REFUSAL_SUMMARIES, type RefusalCode } from '../../domain/refusal/index.ts';
import { STATUS_OF_REFUSAL } from './index.ts';
import { problemOf, problemSchema } from './problem.ts';

let face: TestFace;
let operator: { authorization: string };

beforeAll(async () => {
  face = await openTestFace();
  operator = await face.as('operator');
});

afterAll(() => face.server.close());

describe('refusals over HTTP', () => {
  it('every code of the domain has a status of 4xx or 5xx, and no other has', () => {
    expect(Object.keys(STATUS_OF_REFUSAL).sort()).toEqual(Object.keys(REFUSAL_SUMMARIES).sort());
    expect(Object.values(STATUS_OF_REFUSAL).every((status) => status >= 400 && status < 600)).toBe(true);
  });

  it('RFC 9457 §3.1: each makes a whole problem document, whose type leads to its description', async () => {
    for (const code of Object.keys(REFUSAL_SUMMARIES) as RefusalCode[]) {
      const problem = problemSchema.parse(problemOf({ code, detail: 'because' }, 'request-1'));
      const described = await face.server.inject(problem.type);
      expect(described.json()).toEqual({ code, summary: problem.title, status: problem.status });
    }
  });

  it('lists all codes', async () => {
    const { items } = (await face.server.inject('/v1/errors')).json();
    expect(items).toHaveLength(Object.keys(REFUSAL_SUMMARIES).length);
  });
});

describe('bad requests get a clear problem document', () => {
  const json = { 'content-type': 'application/json' };
  const orders = { method: 'POST', url: '/v1/number-orders' } as const;

  it.each([
    ['an unknown address', { url: '/v2/none' }, 404, 'not-found'],
    [
      'a known address with another method',
      { method: 'DELETE', url: '/v1/offer' },
      405,
      'method-not-allowed',
    ],
    ['no JSON', { ...orders, headers: json, payload: '{"number":' }, 400, 'request-malformed'],
    ['an empty body', { ...orders, headers: json, payload: '' }, 400, 'request-malformed'],
    ['no body', orders, 400, 'request-invalid'],
    ['an array', { ...orders, headers: json, payload: '[]' }, 400, 'request-invalid'],
    ['null', { ...orders, headers: json, payload: 'null' }, 400, 'request-invalid'],
    [
      'XML',
      { ...orders, headers: { 'content-type': 'text/xml' }, payload: '<a/>' },
      415,
      'media-type-not-supported',
    ],
    [
      'plain text',
      { ...orders, headers: { 'content-type': 'text/plain' }, payload: 'a' },
      415,
      'media-type-not-supported',
    ],
    [
      'a form',
      { ...orders, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=b' },
      415,
      'media-type-not-supported',
    ],
    ['a prototype', { ...orders, headers: json, payload: '{"__proto__":{"a":1}}' }, 400, 'request-malformed'],
    [
      'much',
      { ...orders, headers: json, payload: JSON.stringify({ number: 'a'.repeat(200_000) }) },
      413,
      'body-too-large',
    ],
    [
      'depth',
      { ...orders, headers: json, payload: `{"number":${'['.repeat(40_000)}${']'.repeat(40_000)}}` },
      400,
      'request-invalid',
    ],
    ['a broken escape', { url: '/v1/calls/%ff' }, 400, 'request-malformed'],
    ['a long id', { url: `/v1/calls/${'a'.repeat(5_000)}` }, 400, 'request-malformed'],
    ['a wrong query', { url: '/v1/calls?limit=1000' }, 400, 'request-invalid'],
    ['a limit that is no number', { url: '/v1/calls?limit=many' }, 400, 'request-invalid'],
    ['a parameter twice', { url: '/v1/calls?after=a&after=b' }, 400, 'request-invalid'],
    ['a word that is none', { url: '/v1/calls?status=sleeping' }, 400, 'request-invalid'],
    [
      'a key with blanks',
      { ...orders, headers: { ...json, 'idempotency-key': 'a b' }, payload: '{"number":"1"}' },
      400,
      'request-invalid',
    ],
  ] as const)('%s', async (_, request, status, code) => {
    const headers = { ...operator, ...('headers' in request ? request.headers : {}) };
    const answer = await face.server.inject({ ...request, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problemSchema.parse(answer.json())).toMatchObject({
      status,
      instance: answer.headers['x-request-id'],
    });
  });

  it('names each wrong part by a JSON pointer (RFC 6901)', async () => {
    const payload = { number: 7, 'a/b~c': 1, memberId: '' };
    const headers = { ...operator, 'idempotency-key': 'x' };
    const { errors } = (await face.server.inject({ ...orders, headers, payload })).json();
    expect(errors.map((error: { in: string; pointer: string }) => [error.in, error.pointer]).sort()).toEqual([
      ['body', '/a~1b~0c'],
      ['body', '/memberId'],
      ['body', '/number'],
    ]);
  });

  it('names few of very many wrong parts', async () => {
    const payload = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`part${at}`, at]));
    const answer = await face.server.inject({ ...orders, headers: operator, payload });
    expect(answer.json().errors.length).toBeLessThan(50);
    expect(answer.body.length).toBeLessThan(10_000);
  });

  it('says which methods an address takes', async () => {
    const answer = await face.server.inject({ method: 'PUT', url: '/v1/number-orders' });
    expect(answer.headers.allow).toBe('POST, GET, HEAD');
  });
});

describe('a failure of the service', () => {
  it('tells the client nothing of the inside, and the log everything', async () => {
    const other = await openTestFace();
    other.services.catalogue.onSale = () => Promise.reject(new Error('relation gone'));
    const answer = await other.server.inject('/v1/offer');
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal-error']);
    expect(answer.body).not.toContain('relation');
    const line = other.logged.find((text) => text.includes('relation gone')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 50, reqId: answer.json().instance });
  });

  it('says so where the database cannot be reached, and when to come again', async () => {
    const other = await openTestFace();
    for (const code of ['ECONNREFUSED', '57P01']) {
      other.services.catalogue.onSale = () => Promise.reject(Object.assign(new Error('away'), { code }));
      const answer = await other.server.inject('/v1/offer');
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'service-unavailable']);
      expect(answer.headers['retry-after']).toBe('5');
    }
  });

  it('is not remembered under an Idempotency-Key: the request may be tried again', async () => {
    const other = await openTestFace();
    const buyer = await other.as('individual', (await other.member('individual')).id);
    const { keep } = other.services.orders;
    const request = {
      method: 'POST',
      url: '/v1/number-orders',
      headers: { ...buyer, 'idempotency-key': 'k' },
      payload: { number: '02-6200-6200-082' },
    } as const;
    other.services.orders.keep = () => Promise.reject(new Error('disk full'));
    expect((await other.server.inject(request)).statusCode).toBe(500);
    other.services.orders.keep = keep.bind(other.services.orders);
    expect((await other.server.inject(request)).statusCode).toBe(201);
  });
});

describe('how the service stands', () => {
  it('R4: is open, or says why it is not', async () => {
    expect((await face.server.inject('/health')).json()).toEqual({ status: 'ok' });
    face.hindrances.push('The database cannot be reached.');
    const answer = await face.server.inject('/health/ready');
    expect([answer.statusCode, answer.json().detail]).toEqual([503, 'The database cannot be reached.']);
    expect((await face.server.inject('/health/live')).statusCode).toBe(200);
    face.hindrances.length = 0;
  });
});

describe('every answer', () => {
  it('carries security headers and is not stored', async () => {
    const { headers } = await face.server.inject('/v1/offer');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });

  it('writes no secret into the log', async () => {
    const other = await openTestFace();
    const secret = 'omni_aaaaaaaa_secret';
    await other.server.inject({
      url: '/v1/calls',
      headers: { authorization: `Bearer ${secret}`, cookie: `a=${secret}` },
    });
    await other.server.inject({
      method: 'POST',
      url: '/v1/auth/sign-in',
      payload: { email: 'a@b.example', password: secret },
    });
    expect(other.logged.length).toBeGreaterThan(1);
    other.server.log.error(
      { headers: { authorization: secret, cookie: secret }, body: { password: secret } },
      'oops',
    );
    expect(other.logged.join('\n')).not.toContain(secret);
  });
});
