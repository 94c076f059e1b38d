import { describe, expect, it } from 'vitest';
import { parse } from './parse.ts';

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const out = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  return { code: await parse(args, out), stdout, stderr };
}

describe('omnidial parse', () => {
  it('shows the reading and every step', async () => {
    const { code, stdout, stderr } = await run('02-6200-6200-082', '--from', 'KR');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^personal number 02-6200-6200-082 {2}\(sip user 0262006200082\)\n/);
    expect(stdout).toContain('✓ personal-shape');
    expect(stdout).toContain('· emergency');
  });

  it.each([
    ['6200-6200#082', 'KR', 'enterprise number 6200-6200#082'],
    ['+82262006200', 'US', 'telephone number +82262006200'],
    ['alice@acme.example', 'KR', 'address alice@acme.example'],
    ['acme.example', '082', 'domain acme.example'],
    ['911', '001', 'emergency number 911 of US'],
  ])('%s from %s is the %s', async (text, from, title) => {
    const { code, stdout } = await run(text, '--from', from);
    expect([code, stdout.split('\n')[0]?.startsWith(title)]).toEqual([0, true]);
  });

  it('takes emergency numbers from where the terminal is', async () => {
    expect(await run('911', '--from', 'KR', '--present-in', 'US')).toMatchObject({ code: 0 });
    expect(await run('911', '--from', 'KR')).toMatchObject({ code: 1 });
  });

  it('reads a local number where the area is known', async () => {
    const { stdout } = await run('5550100', '--from', 'US', '--area', '212');
    expect(stdout).toMatch(/^telephone number \+12125550100\n/);
  });

  it.each([
    ['01012345678082', 'JP', 'ambiguous: 2 readings'],
    ['62006200#', 'KR', 'incomplete: '],
    ['alice', 'KR', 'unknown: '],
  ])('exits with 1 where %s from %s is not one thing', async (text, from, title) => {
    const { code, stdout } = await run(text, '--from', from);
    expect([code, stdout.startsWith(title)]).toEqual([1, true]);
  });

  it('prints one JSON object with the written forms and the steps', async () => {
    const { code, stdout } = await run('62006200*852', '--from', 'HK', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      raw: '62006200*852',
      context: { from: '852', presentIn: '852', presentCountry: 'HK' },
      kind: 'own',
      number: { kind: 'enterprise', digits: '62006200', branchCountryCode: '852' },
      text: '6200-6200#852',
      sipUser: '62006200%23852',
      steps: [
        { code: 'characters' },
        { code: 'emergency', fits: false },
        { code: 'enterprise-suffix', fits: true },
      ],
    });
  });

  it('prints both readings of an ambiguous number as JSON', async () => {
    const { stdout } = await run('01012345678082', '--from', 'JP', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ambiguous',
      readings: [{ text: '010-1234-5678-082' }, { text: '+12345678082' }],
    });
  });

  it.each([
    [['119'], '--from'],
    [[], 'exactly one text'],
    [['02', '6200', '--from', 'KR'], 'exactly one text'],
    [['119', '--from', 'Korea'], 'ISO 3166'],
    [['119', '--from', '82'], 'Write 082'],
    [['119', '--from', 'KR', '--present-in', '800'], 'no country'],
    [['119', '--from', 'KR', '--area', 'Seoul'], '--area'],
    [['119', '--form', 'KR'], '--form'],
  ])('called wrongly as %j it exits with 2 and says why', async (args, why) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
  });

  it('explains itself', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--present-in') });
  });
});
