import { runSipp, type SippOptions, type SippReport } from '../../test/support/sipp/index.ts';
import { cpuSecondsOf, cpuSecondsOfDescendants, residentMegabytesOf } from './process-cost.ts';

/** What a server did and what it cost. */
export type Measured = SippReport & {
  readonly seconds: number;
  /** Of the server's own process. */
  readonly cpuSecondsPerThousand: number;
  /** Of the processes it started: its database. */
  readonly databaseCpuSecondsPerThousand: number;
  readonly residentMegabytes: number;
};

export type Load = {
  /** Of the server. */
  readonly pid: number;
  readonly sipp: Omit<SippOptions, 'calls' | 'ratePerSecond' | 'timesSetUp'>;
  readonly ratePerSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
};

/** Lets SIPp load a server, first to warm it up and then to measure it, both at the same rate. */
export async function measure({ pid, sipp, ratePerSecond, warmUpSeconds, seconds }: Load): Promise<Measured> {
  const load = { ...sipp, ratePerSecond, timeoutMs: (seconds + 30) * 1000 };
  if (warmUpSeconds > 0) await runSipp({ ...load, calls: ratePerSecond * warmUpSeconds });
  const before = { own: cpuSecondsOf(pid), others: cpuSecondsOfDescendants(pid), at: performance.now() };
  const report = await runSipp({ ...load, calls: ratePerSecond * seconds, timesSetUp: true });
  const thousands = (ratePerSecond * seconds) / 1000;
  return {
    ...report,
    seconds: (performance.now() - before.at) / 1000,
    cpuSecondsPerThousand: (cpuSecondsOf(pid) - before.own) / thousands,
    databaseCpuSecondsPerThousand: (cpuSecondsOfDescendants(pid) - before.others) / thousands,
    residentMegabytes: residentMegabytesOf(pid),
  };
}
