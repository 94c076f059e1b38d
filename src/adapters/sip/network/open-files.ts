import { readFileSync } from 'node:fs';

/** Files that are left for everybody else: the database, the log, the listening sockets. */
const OTHERS_SHARE = 256;

/**
 * How many connections the limit of open files leaves room for, of as many as are wanted. Where the kernel has no
 * file left it drops newcomers without a word to us, the honest ones too, so that it must not come to that.
 */
export function affordableConnections(wanted: number, openFiles = openFileLimit()): number {
  if (openFiles === undefined) return wanted;
  return Math.min(wanted, Math.max(openFiles - OTHERS_SHARE, Math.floor(openFiles / 2)));
}

/** The limit of this process on Linux; undefined where it is unlimited or not told. */
function openFileLimit(): number | undefined {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
