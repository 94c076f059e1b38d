import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../test/support/http-face.ts';
import type { TariffImportShown } from '../adapters/http/index.ts';
import { dispatch } from './dispatch.ts';
import { importEnd, importProgress } from './import-progress.ts';

let face: TestFace;
let folder: string;
let url: string;
let key: string;

beforeAll(async () => {
  face = await openTestFace();
  folder = mkdtempSync(join(tmpdir(), 'omnidial-decks-'));
  url = await face.server.listen({ host: '127.0.0.1', port: 0 });
  key = (await face.as('operator')).authorization.slice('Bearer '.length);
});

afterAll(async () => {
  await face.server.close();
  rmSync(folder, { recursive: true });
});

async function asked(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const code = await dispatch(['tariffs', ...args, '--url', url, '--key', key], {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
  });
  return { code, ...written };
}

function deck(text: string): string {
  const path = join(folder, 'deck.csv');
  writeFileSync(path, text);
  return path;
}

const KIND = ['--kind', 'carrier', '--currency', 'USD', '--time-zone', 'Asia/Seoul'];

describe('omnidial tariffs', () => {
  it('R23: creates, imports, shows, exports and takes back', async () => {
    expect((await asked('list')).stdout).toBe('None.\n');
    expect((await asked('create', 'kt-usd', ...KIND)).stdout).toMatch(/tariff: +kt-usd\nkind: +carrier/);
    const first = await asked('import', 'kt-usd', deck('code,rate,name\n82,0.5,Korea\n'));
    expect(first.stdout).toMatch(/82 +Korea +added +0\.5 1\/1\n1 added, .*\nVersion 1 of kt-usd has 1 rows/);
    const rate = await asked('rate', 'kt-usd', '+821012', '--seconds', '61');
    expect(rate.stdout).toMatch(
      /version: +kt-usd@1\nprefix: +82\n.*billed: +61 s\nprice: +0\.508333 USD\n$/s,
    );
    face.clock.nowMs += 1_000;

    const planned = await asked('import', 'kt-usd', deck('code,rate\n81,1\n'), '--amend', '--dry-run');
    expect(planned.stdout).toMatch(
      /81 .*\n1 added, 0 removed.*\nThe version would have 2 rows. Nothing was pub/,
    );
    const again = await asked('import', 'kt-usd', deck('code,rate,name\n82,0.5,Korea\n'));
    expect([again.code, again.stdout]).toEqual([0, 'Nothing is different, and no version was made.\n']);
    await asked('import', 'kt-usd', deck('code,rate\n81,1\n'), '--amend');
    face.clock.nowMs += 1_000;
    expect((await asked('list')).stdout).toMatch(/kt-usd +carrier +USD +Asia\/Seoul +2 +2\n/);
    expect((await asked('take-back', 'kt-usd', '2')).stdout).toMatch(/version: +2\n.*taken back: +2026-/s);
    expect((await asked('show', 'kt-usd')).stdout).toMatch(
      /in force: +1\n.*\nversion +counts from.*\n1 .*\n2 .*\n/s,
    );
    const exported = (await asked('export', 'kt-usd')).stdout;
    expect(exported).toMatch(/^prefix,destination,.*\n82,Korea,0\.5,0,1,1,USD,,,open,0,0\n$/);
    expect((await asked('import', 'kt-usd', deck(exported))).stdout).toMatch(/^Nothing is different/);
    expect((await asked('export', 'kt-usd', '--version', '2')).stdout).toContain('\n81,');
    expect((await asked('export', 'never')).code).toBe(1);
  });

  it('R23: names every wrong line with its file, and exits with 1', async () => {
    await asked('create', 'kt-usd', ...KIND);
    const path = deck('code,rate\n5.4E+11,1\n33,1.0\n44,x\n');
    const refused = await asked('import', 'kt-usd', path);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('2 lines are wrong, and nothing was published. (tariff-lines-faulty)');
    expect(refused.stderr).toContain(`${path}:2: "5.4E+11" has lost digits`);
    expect(refused.stderr).toContain(`${path}:4: The rate "x"`);
    const planned = await asked('import', 'kt-usd', path, '--dry-run');
    expect([planned.code, planned.stderr]).toEqual([1, expect.stringContaining('or give --skip-faulty')]);
    const made = await asked('import', 'kt-usd', path, '--skip-faulty');
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('2 lines were left out.')]);
    expect((await asked('import', 'kt-usd', join(folder, 'none.csv'))).code).toBe(2);
  });
});

const JOB: TariffImportShown = {
  id: 'i-1',
  tariff: 'kt-usd',
  mode: 'replace',
  dryRun: false,
  skipFaulty: false,
  startedAt: '2026-11-25T00:00:00.000Z',
  updatedAt: '2026-11-25T00:00:00.000Z',
  state: 'reading',
  linesRead: 50_000,
  linesTotal: 100_001,
  rowsStored: 0,
  faultCount: 0,
  faults: [],
  ignoredColumns: [],
};

describe('the progress of an import', () => {
  it.each([
    [JOB, 'reading   [###########·············]    50 000 of 100 001 lines'],
    [{ ...JOB, linesTotal: 0, linesRead: 0 }, 'reading   [························]         0 of 0 lines'],
    [
      { ...JOB, state: 'storing' as const, rowsStored: 1_000_000, rowsTotal: 1_000_000 },
      'storing   [########################] 1 000 000 of 1 000 000 rows',
    ],
  ])('is one line', (job, line) => {
    expect(importProgress(job)).toBe(line);
  });

  it('says how many faults and changes there are that it does not list', () => {
    const changes = Array.from({ length: 50 }, (_, at) => ({
      kind: 'added' as const,
      prefix: `${at}`,
      destination: '',
    }));
    const counts = { added: 60, removed: 0, dearer: 0, cheaper: 0, changed: 0 };
    const job = {
      ...JOB,
      state: 'checked' as const,
      differences: { counts, changes },
      faultCount: 12_000,
      faults: [],
    };
    const { isDone, lines } = importEnd(job, 'deck.csv');
    expect(isDone).toBe(false);
    expect(lines).toEqual(expect.arrayContaining(['… and 20 more.', '… and 12 000 more.']));
  });
});
