import { describe, expect, it } from 'vitest';
import { closest } from './closest.ts';
import { dispatch } from './dispatch.ts';

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
  const code = await dispatch(args, out);
  return { code, stdout, stderr };
}

describe('omnidial <command>', () => {
  it('shows the commands on --help', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('omnidial <command>');
  });

  it('shows the commands and fails where none is given', async () => {
    expect(await run()).toMatchObject({ code: 2 });
  });

  it('refuses an unknown command with exit code 2', async () => {
    const { code, stdout, stderr } = await run('dance');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('there is no command "dance"');
  });
});

describe('what a mistyped command may have meant', () => {
  const names = ['serve', 'demo', 'phone', 'parse'];

  it.each([
    ['sevre', ['serve']],
    ['pone', ['phone']],
    ['p', ['phone', 'parse']],
    ['telephone-exchange', []],
  ])('%s', (word, meant) => {
    expect(closest(word, names)).toEqual(meant);
  });
});
