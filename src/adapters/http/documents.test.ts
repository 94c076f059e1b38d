import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receipt, statement } from '../../../test/support/documents/sample-documents.ts';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import type { IssuedDocument } from '../../services/ports/index.ts';

let face: TestFace;
let own: IssuedDocument;
let settled: IssuedDocument;
let mina: { authorization: string };
let operator: { authorization: string };

beforeAll(async () => {
  face = await openTestFace();
  const { documents, identifiers } = face.services;
  const member = await face.member('individual');
  [mina, operator] = [await face.as('individual', member.id), await face.as('operator')];
  own = await documents.issue({
    id: identifiers.next(),
    memberId: member.id,
    subject: { kind: 'order', id: 'o-1' },
    content: receipt(),
  });
  settled = await documents.issue({
    id: identifiers.next(),
    subject: { kind: 'settlement', id: 's-1' },
    content: statement(2),
  });
});

afterAll(() => face.server.close());

function get(url: string, headers: Record<string, string>) {
  return face.server.inject({ url, headers });
}

describe('R24: documents over HTTP', () => {
  it('a member lists its own, operators all, by kind and by what they are about', async () => {
    const idsOf = async (query: string, headers = operator) =>
      (await get(`/v1/documents${query}`, headers)).json().items.map(({ id }: { id: string }) => id);
    expect(await idsOf('', mina)).toEqual([own.id]);
    expect(await idsOf('')).toEqual([settled.id, own.id]);
    expect(await idsOf('?kind=receipt')).toEqual([own.id]);
    expect(await idsOf('?subjectKind=settlement&subjectId=s-1')).toEqual([settled.id]);
    expect((await get('/v1/documents?limit=1', operator)).json()).toMatchObject({
      items: [{ number: 'S-2026-000001', total: { amount: '741', currency: 'KRW' } }],
      next: settled.id,
    });
    const half = await get('/v1/documents?subjectId=s-1', operator);
    expect([half.statusCode, half.json().code]).toEqual([400, 'request-invalid']);
  });

  it('shows one as JSON, amounts and counts as text', async () => {
    const answer = await get(`/v1/documents/${own.id}`, mina);
    expect(answer.json()).toMatchObject({
      number: 'R-2026-000001',
      kind: 'receipt',
      subject: { kind: 'order', id: 'o-1' },
      seller: { name: '옴니다이얼 주식회사', taxNumber: '123-45-67890' },
      lines: [{ quantity: { count: '1', unit: 'piece' }, amount: { amount: '55000', currency: 'KRW' } }],
      taxes: [{ name: 'VAT', ratePerMillion: 100_000, tax: { amount: '5000' } }],
      payment: { method: 'bank-deposit', paidAt: '2026-11-24T16:00:00.000Z' },
    });
  });

  it('gives it as PDF, under its number', async () => {
    const answer = await get(`/v1/documents/${own.id}/pdf`, mina);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(answer.headers['content-disposition']).toBe('inline; filename="R-2026-000001.pdf"');
    expect(answer.rawPayload.toString('latin1', 0, 5)).toBe('%PDF-');
    expect(answer.rawPayload.toString('latin1').trimEnd().endsWith('%%EOF')).toBe(true);
  });

  it('is not found where it is somebody else’s, as JSON and as PDF', async () => {
    for (const url of [
      `/v1/documents/${settled.id}`,
      `/v1/documents/${settled.id}/pdf`,
      '/v1/documents/none/pdf',
    ]) {
      const answer = await get(url, mina);
      expect([answer.statusCode, answer.json().code], url).toEqual([404, 'not-found']);
    }
  });
});
