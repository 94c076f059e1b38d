import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Api } from './api.ts';

const program = resolve(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'index.ts');
const READY_WITHIN_MS = 60_000;

export type CentreOptions = {
  /** The database that all of them share. */
  readonly databaseUrl: string;
  /** `KR`: the centre that the process hosts. */
  readonly centre: string;
  /** An address of loopback of its own, for SIP over UDP and TCP and for HTTP. */
  readonly address: string;
  readonly sipPort: number;
  readonly env?: Readonly<Record<string, string>>;
};

/** One process of a service of several, which hosts one centre. */
export class CentreProcess {
  readonly #options: CentreOptions;
  readonly #key: string;
  #process: ChildProcess | undefined;
  #httpUrl = '';
  #log = '';

  /** @param key an operator's, who may be made by `createOperator` */
  static async start(options: CentreOptions, key: string): Promise<CentreProcess> {
    const centre = new CentreProcess(options, key);
    await centre.launch();
    return centre;
  }

  private constructor(options: CentreOptions, key: string) {
    this.#options = options;
    this.#key = key;
  }

  /** Where phones register: `127.0.0.11:5060`. */
  get sipAddress(): string {
    return `${this.#options.address}:${this.#options.sipPort}`;
  }

  get api(): Api {
    return new Api(() => this.#httpUrl, this.#key);
  }

  /** What it has written so far. */
  get log(): string {
    return this.#log;
  }

  get isRunning(): boolean {
    const child = this.#process;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Sends a signal that ends it, and waits until it has. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.isRunning) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Starts it (again) at the same addresses of SIP. */
  async launch(): Promise<void> {
    const { databaseUrl, centre, address, env } = this.#options;
    const child = spawn(process.execPath, [program, 'serve', '--centre', centre], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        OMNIDIAL_HTTP: `${address}:0`,
        OMNIDIAL_SIP: this.sipAddress,
        OMNIDIAL_DOMAIN: 'omnidial.test',
        ...env,
      },
    });
    this.#process = child;
    const note = (line: string) => {
      this.#log = `${this.#log}${line}\n`.slice(-100_000);
    };
    createInterface({ input: child.stderr }).on('line', note);
    const lines = createInterface({ input: child.stdout }).on('line', note);
    this.#httpUrl = await new Promise<string>((ready, failed) => {
      const fail = (why: string) => failed(new Error(`${centre} ${why}.\n${this.#log}`));
      const patience = setTimeout(() => fail('was not ready in time'), READY_WITHIN_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(patience);
        fail(`ended with ${signal ?? code}`);
      });
      lines.on('line', (line) => {
        const url = /^ready http=(\S+) sip=/.exec(line)?.[1];
        if (url === undefined) return;
        clearTimeout(patience);
        ready(url.startsWith('http') ? url : `http://${url}`);
      });
    });
  }
}

/** @returns an operator's key, as whoever installs a service makes one */
export async function createOperator(databaseUrl: string): Promise<string> {
  const given = [program, 'operator', 'create', '--email', 'operator@test.example', '--json'];
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const { stdout } = await promisify(execFile)(process.execPath, given, { env });
  return (JSON.parse(stdout) as { key: string }).key;
}
