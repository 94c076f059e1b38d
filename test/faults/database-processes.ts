import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real process with an open database, what it printed, and how it ended. */
export type DatabaseProcess = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: readonly string[];
  /** What it wrote to its standard error. */
  readonly complaint: () => string;
  /** Resolves when it printed this line, or anything else that satisfies the test. */
  until(test: (line: string) => boolean): Promise<void>;
  /** Resolves when it has ended and all its output was read. */
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** Starts `database-process.ts`, which opens a database and then writes, holds it, closes it or just ends. */
export function startDatabaseProcess(
  kind: 'folder' | 'url',
  where: string,
  work: 'write' | 'calls' | 'hold' | 'exit' | 'close',
  account: { readonly uid?: number; readonly gid?: number } = {},
): DatabaseProcess {
  const program = join(import.meta.dirname, 'database-process.ts');
  const child = spawn(process.execPath, [program, kind, where, work], { ...account, stdio: 'pipe' });
  const lines: string[] = [];
  let complaint = '';
  let onLine = () => {};
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    onLine();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const closed = once(child, 'close');
  return {
    child,
    lines,
    complaint: () => complaint,
    until: (test) =>
      new Promise((resolve, reject) => {
        onLine = () => {
          if (lines.some(test)) resolve();
        };
        onLine();
        closed.then(() => reject(new Error(`It ended: ${complaint}`)));
      }),
    async ended() {
      const [code, signal] = await closed;
      return { code, signal };
    },
  };
}

/** The id in a cluster's `postmaster.pid`, while there is one. */
export function postmasterOf(folder: string): number | undefined {
  const file = join(folder, 'cluster/postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

/** The processes that work in a folder's cluster. */
export function serversOf(folder: string): number[] {
  const { ino, dev } = statSync(join(folder, 'cluster'));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const its = statSync(`/proc/${pid}/cwd`);
        return its.ino === ino && its.dev === dev;
      } catch {
        return false;
      }
    })
    .map(Number);
}
