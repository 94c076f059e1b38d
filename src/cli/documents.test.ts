import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receipt } from '../../test/support/documents/sample-documents.ts';
import { openTestFace, type TestFace } from '../../test/support/http-face.ts';
import { dispatch } from './dispatch.ts';
import { RequestFailed, ServiceClient } from './service-client.ts';

let face: TestFace;
let folder: string;
let common: readonly string[];
let id: string;

beforeAll(async () => {
  face = await openTestFace();
  folder = mkdtempSync(join(tmpdir(), 'omnidial-save-'));
  const url = await face.server.listen({ host: '127.0.0.1', port: 0 });
  const { authorization } = await face.as('operator');
  common = ['--url', url, '--key', authorization.slice('Bearer '.length)];
  const { documents, identifiers } = face.services;
  const subject = { kind: 'order', id: 'o-1' } as const;
  id = (await documents.issue({ id: identifiers.next(), subject, content: receipt() })).id;
});

afterAll(async () => {
  await face.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await dispatch(['documents', ...args, ...common], {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
  });
  return { code, ...written };
}

describe('R24: omnidial documents', () => {
  it('lists them', async () => {
    const { code, stdout } = await run('list', '--kind', 'receipt');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`${id} +R-2026-000001 +receipt +order/o-1 +2026-11-25 +55000 KRW`));
    expect((await run('list', '--kind', 'invoice')).stdout).toBe('None.\n');
  });

  it('saves one as PDF, and never over another file', async () => {
    const path = join(folder, 'receipt.pdf');
    expect(await run('save', id, path)).toMatchObject({ code: 0, stdout: `${path} is saved.\n` });
    const saved = readFileSync(path);
    expect(saved.toString('latin1', 0, 5)).toBe('%PDF-');
    const again = await run('save', id, path);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is there already');
    expect(readFileSync(path).equals(saved)).toBe(true);
    const nowhere = await run('save', id, join(folder, 'none', 'x.pdf'));
    expect([nowhere.code, nowhere.stderr.includes('cannot be written')]).toEqual([2, true]);
  });

  it('says what the service refused, and takes nothing else for a document', async () => {
    const refused = await run('save', 'nothing', join(folder, 'none.pdf'));
    expect([refused.code, refused.stderr.includes('not-found')]).toEqual([1, true]);
    const fetchWith = async () => new Response('{}', { headers: { 'content-type': 'application/json' } });
    const client = new ServiceClient({ url: 'http://service', key: undefined }, fetchWith);
    await expect(client.getFile('/v1/documents/1/pdf', 'application/pdf')).rejects.toThrow(RequestFailed);
  });
});
