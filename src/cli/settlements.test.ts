import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BT_AGREEMENT, btCost } from '../../test/support/charging-terms.ts';
import { openTestFace, type TestFace } from '../../test/support/http-face.ts';
import { dispatch } from './dispatch.ts';

let face: TestFace;
let folder: string;
let common: readonly string[];

const COST = btCost(60_000n);

beforeAll(async () => {
  face = await openTestFace();
  folder = mkdtempSync(join(tmpdir(), 'omnidial-settle-'));
  face.agreements.push(BT_AGREEMENT);
  const url = await face.server.listen({ host: '127.0.0.1', port: 0 });
  const { authorization } = await face.as('operator');
  common = ['--url', url, '--key', authorization.slice('Bearer '.length)];
  for (const [id, seconds] of [
    ['c1', 100],
    ['c2', 200],
  ] as const) {
    const answeredAtMs = Date.parse('2026-10-05T10:00:00Z') + seconds * 10_000;
    const endedAtMs = answeredAtMs + seconds * 1_000;
    const times = { startedAtMs: answeredAtMs, answeredAtMs, endedAtMs, lastSeenAtMs: endedAtMs };
    await face.calls.save([{ id, status: 'completed', dialled: '+44', charging: [COST], ...times }]);
  }
});

afterAll(async () => {
  await face.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await dispatch([...args, ...common], {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
  });
  return { code, ...written };
}

describe('R23: omnidial settlements, charges and margins', () => {
  it('corrects a charge, lists charges and saves them', async () => {
    const corrected = await run(
      'charges',
      'correct',
      'c1/cost',
      '--amount',
      '0.05',
      '--currency',
      'GBP',
      '--reason',
      'half price',
      '--confirm',
      'c1',
    );
    expect(corrected).toMatchObject({ code: 0, stderr: '' });
    expect(corrected.stdout).toMatch(/charge: +c1\/cost\/2\n/);
    const listed = await run('charges', 'list', '--from', '2026-10-01', '--number', '+4420');
    expect(listed.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'charge',
      'c1/cost/2',
      'c2/cost',
      'c1/cost',
      '',
    ]);
    const file = join(folder, 'charges.csv');
    expect((await run('charges', 'export', file)).stdout).toBe(`${file} is saved.\n`);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
    expect((await run('charges', 'export', file)).stderr).toContain('is there already');
    expect((await run('charges', 'list', '--from', 'October')).code).toBe(2);
    expect((await run('calls', 'show', 'c1')).stdout).toMatch(/charged: +cost 0.10 GBP, cost 0.05 GBP/);
  });

  it('shows margins', async () => {
    const { stdout } = await run(
      'margins',
      '--by',
      'carrier',
      '--from',
      '2026-10-01',
      '--until',
      '2026-11-01',
    );
    expect(stdout).toMatch(/bt +2 +5 +150 +0.00 GBP +0.25 GBP +-0.25 GBP/);
  });

  it('closes, compares, disputes, resolves and pays', async () => {
    expect((await run('settlements', 'next', 'bt')).stdout).toMatch(
      /^2026-10-01: .*\n[\s\S]*difference: +0.00 GBP/,
    );
    const closed = await run('settlements', 'close', 'bt', '2026-10-01');
    expect(closed.stdout).toMatch(/due: +0.25 GBP/);
    const id = /settlement: +(\S+)/.exec(closed.stdout)?.[1] ?? '';
    const records = join(folder, 'records.csv');
    writeFileSync(records, 'wen,start,duration,price\n442079460000,2026-10-05 11:16:40,110,0.11\n');
    const columns = ['--columns', 'called=Wen'];
    expect((await run('settlements', 'reconcile', id, records)).stderr).toContain(
      'No column has the called number',
    );
    const compared = await run('settlements', 'reconcile', id, records, ...columns, '--dispute');
    expect(compared.stdout).toMatch(/only-ours +1 +0.20 GBP/);
    expect(compared.stdout).toMatch(/Items in dispute: 2/);
    expect((await run('settlements', 'show', id)).stdout).toMatch(
      /2 +0.06 GBP +The call of .* they have 110 s, we have 100 s/,
    );
    expect((await run('settlements', 'resolve', id, '--grant', '9', '--because', 'x')).stderr).toContain(
      'no item 9',
    );
    const resolved = await run(
      'settlements',
      'resolve',
      id,
      '--grant',
      '2',
      '--because',
      'our clock stopped',
    );
    expect(resolved.stdout).toMatch(/due: +0.31 GBP/);
    const paid = await run(
      'settlements',
      'pay',
      id,
      '--amount',
      '0.31',
      '--currency',
      'GBP',
      '--reference',
      'wire',
    );
    expect(paid.stdout).toMatch(/state: +paid/);
    expect((await run('settlements', 'list', '--state', 'paid')).stdout).toContain(id);
    const file = join(folder, 'october.csv');
    expect((await run('settlements', 'export', id, file)).code).toBe(0);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
    expect((await run('settlements', 'statement', id)).stderr).toContain('OMNIDIAL_SELLER_NAME');
  });
});
