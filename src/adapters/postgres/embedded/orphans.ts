import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a busy backend may take to notice that its postmaster is gone, before it is ended. */
const GRACE_MS = 3_000;
const POLL_MS = 50;

/**
 * Ends backends that outlived their postmaster: while one lives, PostgreSQL does not start, and a long query may
 * not notice for hours. What they had not committed is rolled back by crash recovery in any case.
 */
export async function endOrphans(cluster: string): Promise<void> {
  const deadline = performance.now() + GRACE_MS;
  while (orphansOf(cluster).length > 0) {
    if (performance.now() > deadline) {
      for (const pid of orphansOf(cluster)) kill(pid);
    }
    await sleep(POLL_MS);
  }
}

/** Backends name themselves `postgres: …`; those of a living postmaster have it as their parent. */
function orphansOf(cluster: string): number[] {
  const home = statSync(cluster);
  const atHome = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => describeProcess(pid, home) ?? []);
  const pids = new Set(atHome.map(({ pid }) => pid));
  return atHome.filter(({ isBackend, parent }) => isBackend && !pids.has(parent)).map(({ pid }) => pid);
}

type ServerProcess = { readonly pid: number; readonly parent: number; readonly isBackend: boolean };

function describeProcess(pid: string, home: { ino: number; dev: number }): ServerProcess | undefined {
  try {
    const { ino, dev } = statSync(`/proc/${pid}/cwd`);
    if (ino !== home.ino || dev !== home.dev) return undefined;
    const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const isBackend = readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres: ');
    return { pid: Number(pid), parent: Number(parent), isBackend };
  } catch {
    // It has ended, or belongs to somebody else.
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
