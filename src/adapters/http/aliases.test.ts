import { beforeEach, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import type { Role } from '../../domain/members/index.ts';

type Headers = { readonly authorization: string };

let face: TestFace;
let member: { readonly id: string };
let own: Headers;
/** What was spoken to which number. */
let spoken: { readonly value: string; readonly code: string }[];

beforeEach(async () => {
  spoken = [];
  const speak = async ({ value }: { readonly value: string }, code: string) => {
    spoken.push({ value, code });
    return { ok: true, value: null } as const;
  };
  face = await openTestFace({ proofs: { codeCaller: { speak } } });
  member = await face.member('individual');
  own = await face.as('individual', member.id);
});

async function ask(
  method: 'DELETE' | 'GET' | 'POST' | 'PUT',
  url: string,
  headers: Headers,
  payload?: object,
) {
  const key = method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {};
  const request = { method, url, headers: { ...headers, ...key }, ...(payload && { payload }) };
  const answer = await face.server.inject(request);
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}

async function proveTelephone(): Promise<string> {
  const added = await ask('POST', '/v1/aliases', own, { kind: 'pstn', value: '+82 2-6200-6200' });
  const code = spoken.at(-1)?.code;
  const { status } = await ask('POST', `/v1/aliases/${added.body.id}/confirmation`, own, { code });
  expect(status).toBe(200);
  return added.body.id;
}

describe('names that lead to members, over HTTP', () => {
  it('R18: a proven telephone rings as its member chooses', async () => {
    const url = `/v1/members/${member.id}/follow-me`;
    const after = { number: '+82262006200', mode: 'after', afterMs: 15_000 };
    expect((await ask('GET', url, own)).status).toBe(404);
    expect((await ask('PUT', url, own, after)).body.code).toBe('follow-me-number-not-proven');
    await proveTelephone();
    const shown = { memberId: member.id, ...after, isActive: true };
    expect((await ask('PUT', url, own, after)).body).toEqual(shown);
    expect((await ask('GET', url, own)).body).toEqual(shown);
    expect((await ask('PUT', url, own, { ...after, afterMs: 61_000 })).status).toBe(400);
    expect((await ask('DELETE', url, own)).status).toBe(204);
    expect((await ask('GET', url, own)).status).toBe(404);
  });

  it('an enterprise sees what the DNS has to say, with look-alikes as they are', async () => {
    const firm = await face.member('enterprise');
    const administrator = await face.as('enterprise-administrator', firm.id);
    const form = { kind: 'domain', value: 'аcme.example' };
    const { body } = await ask('POST', '/v1/aliases', administrator, form);
    expect(body).toMatchObject({ value: 'xn--cme-5cd.example', state: 'challenged', leadsToMember: false });
    expect(body.record).toMatchObject({ name: '_omnidial.xn--cme-5cd.example', type: 'TXT' });
    expect(body.record.text).toMatch(/^omnidial-verification=[0-9a-z]{32}$/);
    const address = await ask('POST', '/v1/aliases', administrator, {
      kind: 'email',
      value: 'a@acme.example',
    });
    expect(address.body.code).toBe('alias-kind-refused');
  });

  it.each<[Role, number, number]>([
    ['individual', 404, 404],
    ['enterprise-agent', 404, 403],
    ['operator', 200, 204],
  ])('%s: reads a stranger’s with %i, removes them with %i', async (role, reads, removes) => {
    const id = await proveTelephone();
    const kind = role === 'enterprise-agent' ? 'enterprise' : 'individual';
    const other = await face.as(role, role === 'operator' ? undefined : (await face.member(kind)).id);
    expect((await ask('GET', `/v1/aliases/${id}`, other)).status).toBe(reads);
    const confirmation = encodeURIComponent('+82262006200');
    const removed = await ask('DELETE', `/v1/aliases/${id}?confirmation=${confirmation}`, other);
    expect(removed.status).toBe(removes);
  });

  it('what is not set up is refused, and said so', async () => {
    const refused = await ask('POST', '/v1/aliases', own, { kind: 'email', value: 'kim@mail.example' });
    expect([refused.status, refused.body.code]).toEqual([503, 'mail-unavailable']);
  });
});
