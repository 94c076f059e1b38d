import { describe, expect, it } from 'vitest';
import { openTestFace } from '../../../test/support/http-face.ts';

describe('blocks after wrong passwords', () => {
  const block = { kind: 'source' as const, subject: '192.0.2.7', sinceMs: 0, untilMs: 30_000 };

  it('are shown to operators, who can lift them', async () => {
    const face = await openTestFace();
    face.blocks.push(block);
    const headers = await face.as('operator');
    const shown = await face.server.inject({ url: '/v1/blocks', headers });
    expect(shown.json().items).toEqual([
      {
        kind: 'source',
        subject: '192.0.2.7',
        since: '1970-01-01T00:00:00.000Z',
        until: '1970-01-01T00:00:30.000Z',
      },
    ]);
    const lift = (subject: string) =>
      face.server.inject({ method: 'DELETE', url: `/v1/blocks?kind=source&subject=${subject}`, headers });
    expect((await lift('192.0.2.8')).json()).toMatchObject({ status: 404, code: 'not-found' });
    expect((await lift('192.0.2.7')).statusCode).toBe(204);
    expect((await face.server.inject({ url: '/v1/blocks', headers })).json().items).toEqual([]);
  });

  it('are nobody else’s business', async () => {
    const face = await openTestFace();
    const headers = await face.as('individual', (await face.member('individual')).id);
    expect((await face.server.inject({ url: '/v1/blocks', headers })).statusCode).toBe(403);
    const lifted = await face.server.inject({
      method: 'DELETE',
      url: '/v1/blocks?kind=user&subject=t-a',
      headers,
    });
    expect(lifted.statusCode).toBe(403);
    expect((await face.server.inject({ url: '/v1/blocks' })).statusCode).toBe(401);
  });
});
