import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used in user and system mode; 0 where it is gone. */
export function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The same of all processes that descend from this one, itself not counted; those that have ended count on. */
export function cpuSecondsOfDescendants(pid: number): number {
  return descendantsOf(pid).reduce((sum, each) => sum + cpuSecondsOf(each) + cpuSecondsOfEnded(each), 0);
}

/** What the ended children of a process had used, as it learned when it waited for them. */
function cpuSecondsOfEnded(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** The memory a process holds, in megabytes. */
export function residentMegabytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => Number(statOf(each)?.[1]) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** The fields of /proc/<pid>/stat from the state on: the name before them may hold spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
