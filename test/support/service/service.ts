import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Api } from './api.ts';

export type ServiceOptions = {
  /** On loopback, for UDP and TCP. */
  readonly sipPort: number;
  /** More of the environment; it wins over what is set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node for the service's process, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
};

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 30_000;
const LONGEST_LOG = 200_000;

const program = resolve(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'index.ts');

/** The real service as a process of its own, on a fresh embedded database in a folder that is removed in the end. */
export class Service {
  readonly sipAddress: string;
  readonly folder: string;
  readonly #options: ServiceOptions;
  #process: ChildProcess | undefined;
  #httpUrl = '';
  #operatorKey = '';
  #log = '';

  /** Starts the service and waits until it says that it is ready. */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options);
    service.#operatorKey = await service.#makeOperator();
    await service.#launch();
    return service;
  }

  private constructor(options: ServiceOptions) {
    this.#options = options;
    this.sipAddress = `127.0.0.1:${options.sipPort}`;
    this.folder = mkdtempSync(join(tmpdir(), 'omnidial-service-'));
  }

  /** Where its HTTP face is; another port after a restart. */
  get httpUrl(): string {
    return this.#httpUrl;
  }

  /** The API as an operator uses it. */
  get api(): Api {
    return new Api(() => this.#httpUrl, this.#operatorKey);
  }

  get operatorKey(): string {
    return this.#operatorKey;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get isRunning(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  /** The end of what it has written so far. */
  get log(): string {
    return this.#log;
  }

  get #dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** Kills it without warning, as a power cut would, and waits until it is gone. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts it again on the same folder and SIP port. */
  async restart(): Promise<void> {
    if (this.isRunning) await this.#end('SIGTERM');
    await this.#launch();
  }

  /** Asks it to end, waits until it has, and removes its folder. */
  async stop(): Promise<void> {
    if (this.isRunning) await this.#end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** As whoever installs a service does, before it is started. @returns the API key */
  async #makeOperator(): Promise<string> {
    const given = [program, 'operator', 'create', '--email', 'operator@test.example', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, given, {
      cwd: this.folder,
      env: { ...process.env, OMNIDIAL_DATA: this.#dataFolder },
    });
    return (JSON.parse(stdout) as { key: string }).key;
  }

  async #launch(): Promise<void> {
    const { sipPort, env, nodeOptions = [] } = this.#options;
    const command = [...nodeOptions, program, 'serve'];
    const child = spawn(process.execPath, command, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        OMNIDIAL_DATA: this.#dataFolder,
        OMNIDIAL_HTTP: '127.0.0.1:0',
        OMNIDIAL_SIP: `127.0.0.1:${sipPort}`,
        ...env,
      },
    });
    this.#process = child;
    const note = (line: string) => {
      this.#log = `${this.#log}${line}\n`.slice(-LONGEST_LOG);
    };
    createInterface({ input: child.stderr }).on('line', note);
    const lines = createInterface({ input: child.stdout }).on('line', note);
    this.#httpUrl = await new Promise<string>((ready, failed) => {
      const fail = (why: string) => failed(new Error(`omnidial serve ${why}.\n${this.#log}`));
      const patience = setTimeout(() => fail(`was not ready within ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(patience);
        fail(`ended with ${signal ?? code}`);
      });
      lines.on('line', (line) => {
        const address = /^ready http=(\S+) sip=/.exec(line)?.[1];
        if (address === undefined) return;
        clearTimeout(patience);
        ready(address.startsWith('http') ? address : `http://${address}`);
      });
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.isRunning) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
    await ended;
    clearTimeout(patience);
  }
}
