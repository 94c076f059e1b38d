import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type RunningForwarder = { readonly pid: number; readonly address: string; stop(): Promise<void> };

/** Starts the empty forwarder as a process of its own, so that its CPU time is its own. */
export async function startForwarder(options: {
  readonly port: number;
  readonly calleePort: number;
  readonly challenge?: boolean;
}): Promise<RunningForwarder> {
  const { port, calleePort, challenge = false } = options;
  const program = join(import.meta.dirname, 'empty-forwarder.ts');
  const given = ['--port', String(port), '--callee', `127.0.0.1:${calleePort}`];
  if (challenge) given.push('--challenge');
  const child = spawn(process.execPath, [program, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    address: `127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
