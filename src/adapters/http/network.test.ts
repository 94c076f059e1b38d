import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

const WORLD = {
  centres: { KR: { countries: ['KR'] } },
  trunks: {
    kt: {
      kind: 'carrier',
      centre: 'KR',
      gateways: ['192.0.2.7'],
      credentials: { user: 'us', password: 'a secret' },
      channels: 30,
      numbers: { country: 'KR' },
    },
  },
};

let face: TestFace;
let operator: { authorization: string };

beforeEach(async () => {
  face = await openTestFace();
  operator = await face.as('operator');
});

afterEach(() => face.server.close());

async function ask(method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT', url: string, payload?: object) {
  const body = payload === undefined ? {} : { payload };
  const answer = await face.server.inject({ method, url, headers: operator, ...body });
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : answer.json(),
    text: answer.body,
  };
}

async function putRoutes(text: string) {
  const headers = { ...operator, 'content-type': 'text/csv' };
  const answer = await face.server.inject({
    method: 'PUT',
    url: '/v1/trunks/kt/routes',
    headers,
    payload: text,
  });
  return { status: answer.statusCode, body: answer.json() };
}

describe('R1: the network is set up over HTTP', () => {
  it('shows the difference first, then makes it, tells the exchange, and never shows a password', async () => {
    const told: string[] = [];
    face.services.bus.subscribe(({ kind }) => told.push(kind));
    const dry = await ask('POST', '/v1/configuration', { world: WORLD, dryRun: true });
    expect([dry.status, dry.body.differences]).toEqual([200, ['+ centre KR', '+ trunk kt']]);
    expect((await ask('GET', '/v1/configuration')).body).toEqual({
      revision: dry.body.revision,
      world: { centres: {}, trunks: {}, operators: {} },
    });
    expect(told).toEqual([]);
    const made = await ask('POST', '/v1/configuration', { world: WORLD, revision: dry.body.revision });
    expect(made.status).toBe(200);
    expect(told).toEqual(['configuration-changed']);
    const shown = await ask('GET', '/v1/configuration');
    expect(made.text + shown.text).not.toContain('a secret');
    expect(shown.body.world.trunks.kt.credentials).toEqual({ user: 'us' });
    expect((await face.services.centres.load()).configuration.trunks[0]?.credentials?.password).toBe(
      'a secret',
    );
    const again = await ask('POST', '/v1/configuration', { world: shown.body.world });
    expect(again.body.differences).toEqual([]);
    const late = await ask('POST', '/v1/configuration', { world: {}, revision: dry.body.revision });
    expect([late.status, late.body.code]).toEqual([409, 'configuration-changed']);
  });

  it('refuses with every fault at its place, and changes nothing', async () => {
    const bad = { centres: { KR: { countries: ['KR'], emergencyTrunk: 'none', capacity: -1 } } };
    const { status, body } = await ask('POST', '/v1/configuration', { world: bad });
    expect([status, body.code]).toEqual([422, 'configuration-invalid']);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/world/centres/KR/capacity',
      '/world/centres/KR/emergencyTrunk',
    ]);
    expect((await ask('GET', '/v1/centres')).body).toEqual({ items: [] });
  });

  it('changes parts by name, drains, and removes what is not used', async () => {
    await ask('POST', '/v1/configuration', { world: WORLD });
    expect((await ask('PATCH', '/v1/trunks/kt', { channels: 60 })).body.value.channels).toBe(60);
    const wrong = await ask('PUT', '/v1/trunks/sk', { ...WORLD.trunks.kt, channels: 0 });
    expect(wrong.body.errors[0].pointer).toBe('/channels');
    expect((await ask('DELETE', '/v1/trunks/kt')).status).toBe(422);
    expect((await ask('PATCH', '/v1/trunks/kt', { state: 'draining' })).body.value.state).toBe('draining');
    expect((await ask('DELETE', '/v1/trunks/kt')).status).toBe(204);
    expect((await ask('GET', '/v1/trunks/kt')).status).toBe(404);
    expect((await ask('PATCH', '/v1/centres/__proto__', { state: 'closed' })).status).toBe(404);
    expect((await ask('PUT', '/v1/centres/US', { countries: ['US'] })).status).toBe(200);
    expect((await ask('GET', '/v1/centres')).body.items).toHaveLength(2);
  });

  it('R14: takes the routes of a trunk whole, or reports each wrong line', async () => {
    await ask('POST', '/v1/configuration', { world: WORLD });
    expect(await putRoutes('8210,0.0125,USD,5,50\n1,12,KRW\n')).toEqual({ status: 200, body: { routes: 2 } });
    const refused = await putRoutes('82,1,KRW\nx\n+1,1,KRW\n');
    expect([refused.status, refused.body.code]).toEqual([422, 'routes-invalid']);
    expect(refused.body.errors.map(({ detail }: { detail: string }) => detail.slice(0, 7))).toEqual([
      'Line 2:',
      'Line 3:',
    ]);
    const { body } = await ask('GET', '/v1/trunks/kt/routes?limit=1');
    expect(body).toMatchObject({ items: [{ prefix: '1', costPerMinute: '12', currency: 'KRW' }], next: '1' });
  });

  it('belongs to operators', async () => {
    const { id } = await face.member('individual');
    const headers = await face.as('individual', id);
    for (const url of ['/v1/configuration', '/v1/trunks', '/v1/trunks/kt/routes']) {
      expect((await face.server.inject({ url, headers })).json().code, url).toBe('not-permitted');
    }
  });
});
