import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Happenings } from './happenings.ts';
import { netstring, splitNetstrings } from './netstring.ts';
import type { Phone, PhoneEvent, PhoneEventType } from './phone.ts';
import type { Speech } from './speech.ts';

export type BaresipOptions = {
  /** User part of the account. */
  readonly user: string;
  /** Registers there when given; otherwise the phone is called directly at its own address. */
  readonly server?: {
    readonly address: string;
    readonly password: string;
    readonly transport: 'udp' | 'tcp' | 'tls';
    /** Whom certificates are believed from. */
    readonly authoritiesFile?: string;
  };
  /** SIP takes this port and the next (TLS); control the third; RTP the ten from the fourth on. */
  readonly port: number;
  /** Of loopback: networks are known by their addresses. */
  readonly address?: string;
  readonly answers: 'by-itself' | 'when-told';
  readonly codec?: 'PCMU' | 'PCMA';
  readonly speech: Speech;
};

const MODULES = ['g711', 'sndfile', 'aufile', 'aubridge'];
const EVENT_TIMEOUT_MS = 10_000;
const LOOPBACK = '127.0.0.1';

/** A baresip in a folder of its own. It speaks its `speech` in every call and records what it hears. */
export class Baresip implements Phone {
  readonly user: string;
  /** Where it can be called without a server. */
  readonly uri: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #control: Socket;
  readonly #events = new Happenings<PhoneEvent>();
  readonly #answers = new Map<string, (answer: { ok: boolean; data: string }) => void>();
  #received: Buffer = Buffer.alloc(0);
  #lastToken = 0;

  /** Starts a phone, and waits until it can be told what to do and, with a server, is registered. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = mkdtempSync(join(tmpdir(), 'omnidial-baresip-'));
    mkdirSync(join(folder, 'heard'));
    writeFileSync(join(folder, 'config'), configOf(options, folder));
    writeFileSync(join(folder, 'accounts'), `${accountOf(options)}\n`);
    writeFileSync(join(folder, 'contacts'), '');
    const child = spawn('baresip', ['-f', folder], { stdio: ['ignore', 'ignore', 'ignore'] });
    try {
      const control = await connectTo(options.port + 2);
      const phone = new Baresip(options, folder, child, control);
      if (options.server !== undefined) await phone.#registered();
      return phone;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  private constructor(options: BaresipOptions, folder: string, child: ChildProcess, control: Socket) {
    this.user = options.user;
    this.uri = `sip:${options.user}@${options.address ?? LOOPBACK}:${options.port}`;
    this.#folder = folder;
    this.#process = child;
    this.#control = control;
    control.on('data', (chunk) => this.#receive(chunk));
    control.on('error', () => {});
    // A phone that is gone answers nothing more: whoever waits is told so.
    control.on('close', () => {
      for (const answer of this.#answers.values()) answer({ ok: false, data: 'the phone is gone' });
    });
  }

  /** The next event of that type which the test has not seen yet. */
  event(type: PhoneEventType, timeoutMs = EVENT_TIMEOUT_MS): Promise<PhoneEvent> {
    return this.#events.next(`${this.user}: ${type}`, (event) => event.type === type, timeoutMs);
  }

  async dial(target: string): Promise<void> {
    await this.#command('dial', target);
  }

  async answer(): Promise<void> {
    await this.#command('accept');
  }

  /** Ends the call; one that rings here is declined as busy (486). */
  async hangUp(): Promise<void> {
    await this.#command('hangup');
  }

  async hold(): Promise<void> {
    await this.#command('hold');
  }

  async resume(): Promise<void> {
    await this.#command('resume');
  }

  /** Presses a key (RFC 4733). */
  async press(digit: string): Promise<void> {
    await this.#command('sndcode', digit);
  }

  /** Sends the other party elsewhere (REFER, unattended). */
  async transferTo(target: string): Promise<void> {
    await this.#command('transfer', target);
  }

  /** The recording of what was heard in the latest call; its header is right once the call has closed. */
  heard(): string {
    const folder = join(this.#folder, 'heard');
    const recordings = readdirSync(folder)
      .filter((name) => name.endsWith('-dec.wav'))
      .map((name) => join(folder, name))
      .sort((one, other) => statSync(one).mtimeMs - statSync(other).mtimeMs);
    const latest = recordings.at(-1);
    if (latest === undefined) throw new Error(`${this.user} has recorded nothing.`);
    return latest;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      const patience = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(patience);
    }
    this.#control.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** It may have registered before anybody listened to its events, so that it is asked. */
  async #registered(): Promise<void> {
    const untilMs = performance.now() + EVENT_TIMEOUT_MS;
    for (;;) {
      const state = await this.#command('reginfo');
      if (/OK /.test(state)) return;
      if (performance.now() > untilMs) throw new Error(`${this.user} did not register: ${state}`);
      await sleep(50);
    }
  }

  /** Tells the phone to do something; @returns what it says about it */
  async #command(command: string, params = ''): Promise<string> {
    this.#lastToken += 1;
    const token = String(this.#lastToken);
    const answered = new Promise<{ ok: boolean; data: string }>((resolve) =>
      this.#answers.set(token, resolve),
    );
    this.#control.write(netstring(JSON.stringify({ command, params, token })));
    const { ok, data } = await answered;
    if (!ok) throw new Error(`${this.user}: ${command} ${params}: ${data}`);
    return data;
  }

  #answered(message: { ok: boolean; data: string; token: string }): void {
    this.#answers.get(message.token)?.(message);
    this.#answers.delete(message.token);
  }

  #receive(chunk: Buffer): void {
    const { texts, rest } = splitNetstrings(Buffer.concat([this.#received, chunk]));
    this.#received = rest;
    for (const text of texts) {
      const message = JSON.parse(text) as {
        event?: true;
        ok: boolean;
        data: string;
        token: string;
      } & PhoneEvent;
      if (message.event === true) this.#events.add(message);
      else this.#answered(message);
    }
  }
}

function accountOf({
  user,
  server,
  answers,
  codec = 'PCMU',
  port,
  address: own = LOOPBACK,
}: BaresipOptions): string {
  const mode = `answermode=${answers === 'by-itself' ? 'auto' : 'manual'};audio_codecs=${codec}`;
  if (server === undefined) return `<sip:${user}@${own}:${port}>;regint=0;${mode}`;
  const { address, password, transport } = server;
  const credentials = `auth_user=${user};auth_pass=${password}`;
  return `<sip:${user}@${address};transport=${transport}>;${credentials};regint=300;${mode}`;
}

function configOf(
  { user, server, port, address = LOOPBACK, speech }: BaresipOptions,
  folder: string,
): string {
  return [
    `sip_listen ${address}:${port}`,
    ...(server?.authoritiesFile === undefined
      ? []
      : [`sip_cafile ${server.authoritiesFile}`, 'sip_verify_server yes']),
    // Its sound comes from this address, whatever that of its SIP is.
    `net_interface ${LOOPBACK}`,
    `rtp_ports ${port + 4}-${port + 14}`,
    `audio_source aufile,${speech.path}`,
    `audio_player aubridge,sink_${user}`,
    `audio_alert aubridge,alert_${user}`,
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'ausrc_channels 1',
    'auplay_channels 1',
    'module_path /usr/lib/baresip/modules',
    ...MODULES.map((name) => `module ${name}.so`),
    'module_tmp account.so',
    'module_app contact.so',
    'module_app menu.so',
    'module_app debug_cmd.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${port + 2}`,
    `snd_path ${join(folder, 'heard')}`,
    '',
  ].join('\n');
}

/** Connects as soon as the phone listens. */
async function connectTo(port: number): Promise<Socket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(100);
    }
  }
}
