import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Scenario = 'caller' | 'caller-with-digest' | 'callee' | 'terminal';

export type SippOptions = {
  /** One of those that are kept here, or its text. */
  readonly scenario: Scenario | { readonly xml: string };
  /** Whom it talks to, as `host:port`; absent where it waits to be called. */
  readonly remote?: string;
  /** Its own port on loopback. */
  readonly port: number;
  /** Which address of loopback is its own; the first one unless another is named. */
  readonly address?: string;
  /** Where it takes sound, an even port, and sends back what comes. */
  readonly echoPort?: number;
  /** Where it writes every message it sends and receives. */
  readonly messageFile?: string;
  readonly transport?: 'udp' | 'tcp';
  /** Fields 0, 1, … of the scenario, one row a call, over and over. */
  readonly rows?: readonly (readonly string[])[];
  /** How many calls in all, and how many of them begin a second; absent where it waits to be called. */
  readonly calls?: number;
  readonly ratePerSecond?: number;
  /** How long a call is held. */
  readonly holdMs?: number;
  /** Whether the time to set up each call is kept. */
  readonly timesSetUp?: boolean;
  /** A run that takes longer has failed. */
  readonly timeoutMs?: number;
};

export type SippReport = {
  /** Calls that ended as the scenario says, and those that did not. */
  readonly succeeded: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Milliseconds from the first request to the answer, a call each; only where asked for. */
  readonly setUpMs: readonly number[];
  /** What SIPp says went wrong, shortened. */
  readonly complaints: string;
};

/** A SIPp under way. */
export type RunningSipp = {
  readonly pid: number;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<SippReport>;
  /** Lets it finish the calls under way, and ends it. */
  stop(): Promise<SippReport>;
  /** Ends it at once, whatever is under way. */
  kill(): Promise<SippReport>;
};

const DEFAULT_TIMEOUT_MS = 60_000;
const STOP_PATIENCE_MS = 3000;
const LONGEST_COMPLAINT = 3000;

/** The whole of SIPp's keyword, which goes into a row since its own fields cannot be taken from rows. */
export function credentials(user: string, password: string): string {
  return `[authentication username=${user} password=${password}]`;
}

/** Runs a scenario to its end. */
export function runSipp(options: SippOptions): Promise<SippReport> {
  return startSipp(options).ended;
}

/** Starts a scenario in a folder of its own. */
export function startSipp(options: SippOptions): RunningSipp {
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-sipp-'));
  const child = spawn('sipp', argumentsOf(options, folder), {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  if (options.remote === undefined) clearTimeout(limit);
  const ended = reportOf(child, folder, options).finally(() => clearTimeout(limit));
  return {
    pid: child.pid ?? 0,
    ended,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
    stop: async () => {
      // SIGUSR1 is its word for ending softly.
      child.kill('SIGUSR1');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      try {
        return await ended;
      } finally {
        clearTimeout(patience);
      }
    },
  };
}

function argumentsOf(options: SippOptions, folder: string): string[] {
  const {
    scenario,
    remote,
    port,
    transport = 'udp',
    rows,
    calls,
    ratePerSecond,
    holdMs,
    timesSetUp,
    address = '127.0.0.1',
    echoPort,
    messageFile,
  } = options;
  const given: string[] = remote === undefined ? [] : [remote];
  given.push('-sf', scenarioFile(scenario, folder));
  given.push('-i', address, '-p', String(port), '-t', transport === 'tcp' ? 'tn' : 'u1');
  given.push('-buff_size', '4194304', '-default_behaviors', 'none', '-nostdin', '-max_socket', '5000');
  given.push('-trace_stat', '-stf', join(folder, 'statistics.csv'), '-fd', '1', '-trace_err');
  if (rows !== undefined) {
    const file = join(folder, 'rows.csv');
    writeFileSync(file, ['SEQUENTIAL', ...rows.map((row) => row.join(';')), ''].join('\n'));
    given.push('-inf', file);
  }
  if (calls !== undefined) given.push('-m', String(calls));
  if (ratePerSecond !== undefined) given.push('-r', String(ratePerSecond));
  // No more calls at once than a second's worth and a hold's worth tenfold, so that a stalled server is not buried.
  if (ratePerSecond !== undefined) given.push('-l', String(Math.max(1000, ratePerSecond * 10)));
  if (holdMs !== undefined) given.push('-d', String(holdMs));
  if (echoPort !== undefined) given.push('-mp', String(echoPort), '-mi', address, '-rtp_echo');
  if (messageFile !== undefined) given.push('-trace_msg', '-message_file', messageFile);
  if (timesSetUp === true) given.push('-trace_rtt', '-rtt_freq', '1');
  return given;
}

function scenarioFile(scenario: SippOptions['scenario'], folder: string): string {
  if (typeof scenario === 'string') return join(import.meta.dirname, 'scenarios', `${scenario}.xml`);
  const file = join(folder, 'scenario.xml');
  writeFileSync(file, scenario.xml);
  return file;
}

async function reportOf(child: ChildProcess, folder: string, options: SippOptions): Promise<SippReport> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LONGEST_COMPLAINT);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  try {
    const statistics = lastLineOf(folder);
    const counted = (column: string) => Number(statistics.get(column) ?? 0);
    const succeeded = counted('SuccessfulCall(C)');
    const missing = options.calls === undefined ? 0 : options.calls - succeeded;
    return {
      succeeded,
      failed: Math.max(counted('FailedCall(C)'), missing),
      retransmissions: counted('Retransmissions(C)'),
      setUpMs: options.timesSetUp === true ? setUpTimes(folder) : [],
      complaints: `${signal ?? code}: ${said}${readEnding(folder, '_errors.log').slice(0, LONGEST_COMPLAINT)}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The final counts, by the names of their columns. */
function lastLineOf(folder: string): ReadonlyMap<string, string> {
  const lines = readEnding(folder, 'statistics.csv').trim().split('\n');
  const values = (lines.at(-1) ?? '').split(';');
  return new Map((lines[0] ?? '').split(';').map((name, index) => [name, values[index] ?? '']));
}

/** The second of three columns is the time in milliseconds; below a heading. */
function setUpTimes(folder: string): number[] {
  const lines = readEnding(folder, '_rtt.csv').trim().split('\n').slice(1);
  return lines.map((line) => Number(line.split(';')[1])).filter((ms) => Number.isFinite(ms));
}

function readEnding(folder: string, ending: string): string {
  const name = readdirSync(folder).find((each) => each.endsWith(ending));
  return name === undefined ? '' : readFileSync(join(folder, name), 'utf8');
}
