import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

const NUMBERS = {
  country: 'KR',
  called: { form: 'national', rules: [{ pattern: '001(.+)', replace: '00700$1' }] },
  calling: { form: 'digits' },
  inboundCalled: [{ pattern: '\\*77.*', strip: 3 }],
};

let face: TestFace;

beforeEach(async () => {
  face = await openTestFace();
});

afterEach(() => face.server.close());

async function tried(payload: object, headers?: { authorization: string }) {
  const answer = await face.server.inject({
    method: 'POST',
    url: '/v1/number-format-explanations',
    headers: headers ?? (await face.as('operator')),
    payload,
  });
  return { status: answer.statusCode, body: answer.json() };
}

describe('R14: number formats are tried', () => {
  it.each([
    [{ number: '+82262006200' }, '0262006200'],
    [{ number: '+12125550100' }, '0070012125550100'],
    [{ number: '119' }, '119'],
    [{ number: '+82262006200', party: 'calling' }, '82262006200'],
    [{ number: '*770262006200', direction: 'inbound' }, '0262006200'],
    [{ number: '0262006200', direction: 'inbound', party: 'calling' }, '+82262006200'],
  ])('%o becomes %s', async (asked, result) => {
    const { status, body } = await tried({ numbers: NUMBERS, ...asked });
    expect([status, body.result]).toEqual([200, result]);
    expect(body.steps.at(-1).result).toBe(result);
  });

  it('with the format of a trunk, too', async () => {
    const trunk = { kind: 'carrier', centre: 'KR', gateways: ['192.0.2.7'], channels: 1, numbers: NUMBERS };
    const world = { centres: { KR: { countries: ['KR'] } }, trunks: { kt: trunk } };
    await face.server.inject({
      method: 'POST',
      url: '/v1/configuration',
      headers: await face.as('operator'),
      payload: { world },
    });
    expect((await tried({ trunk: 'kt', number: '+82262006200' })).body.result).toBe('0262006200');
    expect((await tried({ trunk: 'none', number: '+82262006200' })).status).toBe(404);
  });

  it('refuses what is no format or no number, at its place', async () => {
    const exploding = { ...NUMBERS, inboundCalled: [{ pattern: '(((1{30}){30}){30})' }] };
    const refused = await tried({ numbers: exploding, number: '1' });
    expect([refused.status, refused.body.code]).toEqual([422, 'configuration-invalid']);
    expect(refused.body.errors[0].pointer).toBe('/numbers/inboundCalled/0/pattern');
    const calling = await tried({ numbers: NUMBERS, number: '119', party: 'calling' });
    expect([calling.status, calling.body.errors[0].pointer]).toEqual([422, '/number']);
    expect((await tried({ numbers: NUMBERS, number: '+82x' })).status).toBe(422);
    expect((await tried({ number: '+82262006200' })).body.code).toBe('request-invalid');
    expect((await tried({ trunk: 'kt', numbers: {}, number: '1' })).body.code).toBe('request-invalid');
  });

  it('belongs to operators', async () => {
    const headers = await face.as('individual', (await face.member('individual')).id);
    expect((await tried({ numbers: NUMBERS, number: '119' }, headers)).body.code).toBe('not-permitted');
  });
});
