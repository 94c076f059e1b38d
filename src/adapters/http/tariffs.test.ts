import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

const TARIFF = { name: 'kt-usd', kind: 'carrier', currency: 'USD', timeZone: 'Asia/Seoul' };

let face: TestFace;
let operator: { authorization: string };

beforeEach(async () => {
  face = await openTestFace();
  operator = await face.as('operator');
});

afterEach(() => face.server.close());

async function ask(method: 'GET' | 'POST', url: string, payload?: object | string) {
  const headers = typeof payload === 'string' ? { ...operator, 'content-type': 'text/csv' } : operator;
  const body = payload === undefined ? {} : { payload };
  const answer = await face.server.inject({ method, url, headers, ...body });
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: isJson ? answer.json() : {},
  };
}

/** Imports a deck, and asks until it is over. */
async function imported(deck: string, query = '') {
  const begun = await ask('POST', `/v1/tariffs/kt-usd/imports${query}`, deck);
  if (begun.status !== 202) return begun.body;
  for (;;) {
    const { body, status } = await ask('GET', `/v1/tariffs/kt-usd/imports/${begun.body.id}`);
    expect(status).toBe(200);
    // Requests without a network never leave the event loop its turn.
    await untilOthersHadTheirTurn();
    if (body.state !== 'reading' && body.state !== 'storing') return body;
  }
}

async function exported(query = '') {
  return (await ask('GET', `/v1/tariffs/kt-usd/deck${query}`)).text;
}

describe('R23: tariffs over HTTP', () => {
  it('are made once, and shown', async () => {
    const made = await ask('POST', '/v1/tariffs', TARIFF);
    expect([made.status, made.body]).toEqual([
      201,
      { ...TARIFF, createdAt: expect.any(String), versions: [] },
    ]);
    expect((await ask('POST', '/v1/tariffs', TARIFF)).status).toBe(201);
    const other = await ask('POST', '/v1/tariffs', { ...TARIFF, currency: 'KRW' });
    expect([other.status, other.body.code]).toEqual([409, 'tariff-exists']);
    const bad = await ask('POST', '/v1/tariffs', { ...TARIFF, timeZone: 'Seoul' });
    expect([bad.status, bad.body.code]).toEqual([422, 'time-zone-unknown']);
    expect((await ask('GET', '/v1/tariffs')).body.items).toEqual([made.body]);
    expect((await ask('GET', '/v1/tariffs/never')).status).toBe(404);
  });

  it('are imported, compared, exported and taken back', async () => {
    const told: string[] = [];
    await ask('POST', '/v1/tariffs', TARIFF);
    face.services.bus.subscribe(({ kind }) => told.push(kind));
    const first = await imported('Code;Price\n82;0,5\n8210;0,75\n');
    expect(first).toMatchObject({
      state: 'published',
      version: 1,
      rowsStored: 2,
      linesRead: 3,
      linesTotal: 3,
    });
    expect(told).toEqual(['tariff-changed']);
    const before = await exported();
    expect(before.split('\n')[1]).toBe('82,,0.5,0,1,1,USD,,,open,0,0');
    face.clock.nowMs += 1_000;

    const dry = await imported('code,rate\n82,0.6\n81,1\n', '?dryRun=true');
    expect(dry).toMatchObject({
      state: 'checked',
      differences: { counts: { added: 1, removed: 1, dearer: 1, cheaper: 0, changed: 0 } },
    });
    expect(dry.differences.changes[1]).toEqual({
      kind: 'dearer',
      prefix: '82',
      destination: '',
      before: '0.5 1/1',
      after: '0.6 1/1',
    });
    expect((await ask('GET', '/v1/tariffs/kt-usd')).body.versions).toHaveLength(1);

    const second = await imported('code,rate\n82,0.6\n81,1\n', '?mode=amend');
    expect([second.state, second.version]).toEqual(['published', 2]);
    expect(await exported()).toMatch(/\n81,,1,.*\n82,,0.6,.*\n8210,,0.75,.*\n$/);
    face.clock.nowMs += 1_000;
    const taken = await ask('POST', '/v1/tariffs/kt-usd/versions/2/take-back');
    expect([taken.status, taken.body.id]).toEqual([200, 'kt-usd@2']);
    expect((await ask('POST', '/v1/tariffs/kt-usd/versions/2/take-back')).body).toEqual(taken.body);
    expect((await ask('POST', '/v1/tariffs/kt-usd/versions/9/take-back')).status).toBe(404);
    expect(await exported()).toBe(before);
    expect((await exported('?version=2')).split('\n')).toHaveLength(5);
    expect((await ask('GET', '/v1/tariffs/kt-usd')).body).toMatchObject({
      inForce: 1,
      versions: [{ number: 1 }, { number: 2, takenBackAt: expect.any(String) }],
    });
  });

  it('name each wrong line, and publish nothing, or the good ones where that is wished', async () => {
    await ask('POST', '/v1/tariffs', TARIFF);
    const deck = 'code,rate,peak\n82,1.0,2\n5.4E+11,1,2\n81,x,2\n';
    const refused = await imported(deck);
    expect(refused).toMatchObject({
      state: 'refused',
      faultCount: 2,
      faults: [{ line: 3 }, { line: 4 }],
      ignoredColumns: ['peak'],
      refusal: { code: 'tariff-lines-faulty' },
    });
    expect((await ask('GET', '/v1/tariffs/kt-usd')).body.versions).toEqual([]);
    expect((await ask('GET', '/v1/tariffs/kt-usd/deck')).status).toBe(404);
    expect(await imported(deck, '?skipFaulty=true')).toMatchObject({ state: 'published', rowsStored: 1 });
    expect((await imported('code,rate\nx,1', '?skipFaulty=true')).refusal.code).toBe('tariff-empty');
    expect((await imported('nothing')).faults).toEqual([
      { line: 1, detail: expect.stringContaining('header') },
    ]);
  });

  it('take effect when it was wished, and never in the past', async () => {
    await ask('POST', '/v1/tariffs', TARIFF);
    await imported('code,rate\n82,1\n');
    face.clock.nowMs += 1_000;
    const later = await imported('code,rate\n82,2\n', '?effectiveFrom=2026-12-01');
    expect(later).toMatchObject({ state: 'published', effectiveFrom: '2026-11-30T15:00:00.000Z' });
    expect((await ask('GET', '/v1/tariffs/kt-usd')).body.inForce).toBe(1);
    face.clock.nowMs = Date.UTC(2026, 10, 30, 15);
    expect((await ask('GET', '/v1/tariffs/kt-usd')).body.inForce).toBe(2);
    expect((await imported('code,rate\n82,3', '?effectiveFrom=2026-11-30')).code).toBe(
      'tariff-effective-too-early',
    );
    expect((await imported('code,rate\n82,3', '?effectiveFrom=tomorrow')).code).toBe('moment-malformed');
  });

  it('say what a number costs, now and later', async () => {
    await ask('POST', '/v1/tariffs', TARIFF);
    await imported('code,rate,increments,name\n82,0.006,30/6,Korea\n8250,*,,\noperator:tello,1,1/1,\n');
    await imported('code,rate\n82,0.6\n', '?effectiveFrom=2026-12-01&mode=amend');
    const rate = async (query: string) => (await ask('GET', `/v1/tariffs/kt-usd/rate?${query}`)).body;
    expect(await rate('number=%2B821012345678&seconds=75')).toEqual({
      status: 'open',
      version: 'kt-usd@1',
      prefix: '82',
      destination: 'Korea',
      terms: '0.006 30/6',
      billedSeconds: 78,
      price: { amount: '0.0078', currency: 'USD' },
    });
    expect(await rate('number=821&at=2026-12-01&seconds=60')).toMatchObject({
      version: 'kt-usd@2',
      price: { amount: '0.60' },
    });
    expect(await rate('number=825011&seconds=60')).toEqual({
      status: 'blocked',
      version: 'kt-usd@1',
      prefix: '8250',
      destination: '',
      terms: 'blocked',
    });
    expect(await rate('number=operator:tello:070')).toMatchObject({
      prefix: 'operator:tello',
      terms: '1 1/1',
    });
    expect((await rate('number=1')).code).toBe('destination-not-served');
    expect((await rate('number=82&at=2026-11-01')).code).toBe('moment-malformed');
    expect((await rate('number=82&at=soon')).code).toBe('moment-malformed');
    expect((await ask('GET', '/v1/tariffs/never/rate?number=82')).status).toBe(404);
  });

  it('belong to operators, as do their imports', async () => {
    await ask('POST', '/v1/tariffs', TARIFF);
    const { id } = await face.member('individual');
    const headers = await face.as('individual', id);
    for (const url of [
      '/v1/tariffs',
      '/v1/tariffs/kt-usd',
      '/v1/tariffs/kt-usd/deck',
      '/v1/tariffs/kt-usd/imports/x',
    ]) {
      expect((await face.server.inject({ url, headers })).json().code, url).toBe('not-permitted');
    }
    const csv = { ...headers, 'content-type': 'text/csv' };
    const begun = await face.server.inject({
      method: 'POST',
      url: '/v1/tariffs/kt-usd/imports',
      headers: csv,
      payload: 'code,rate\n1,1',
    });
    expect(begun.json().code).toBe('not-permitted');
    expect((await ask('GET', '/v1/tariffs/kt-usd/imports/never')).status).toBe(404);
  });

  it('what is not there is called by its name', async () => {
    await ask('POST', '/v1/tariffs', TARIFF);
    for (const [url, detail] of [
      ['/v1/tariffs/nobody', 'There is no tariff nobody.'],
      ['/v1/tariffs/nobody/deck', 'There is no tariff nobody.'],
      ['/v1/tariffs/kt-usd/deck', 'The tariff kt-usd has no version yet.'],
      ['/v1/tariffs/kt-usd/deck?version=7', 'The tariff kt-usd has no version 7.'],
    ] as const) {
      expect((await ask('GET', url)).body).toMatchObject({ code: 'not-found', detail });
    }
  });
});
