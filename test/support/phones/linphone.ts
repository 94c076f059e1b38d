import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Happenings } from './happenings.ts';
import type { Phone, PhoneEvent, PhoneEventType } from './phone.ts';
import type { Speech } from './speech.ts';

export type LinphoneOptions = {
  /** User part of the account. */
  readonly user: string;
  /** Registers there when given; otherwise the phone is called directly at its own address. */
  readonly server?: {
    readonly address: string;
    readonly realm: string;
    readonly password: string;
    readonly transport: 'udp' | 'tcp';
  };
  /** SIP takes this port, RTP and RTCP the fourth and fifth after it. */
  readonly port: number;
  readonly speech: Speech;
};

const EVENT_TIMEOUT_MS = 10_000;
const REGISTERED_WITHIN_MS = 30_000;

/** What linphonec writes when something happens; the group is what the event carries along. */
const LINES: readonly (readonly [PhoneEventType, RegExp])[] = [
  ['CALL_INCOMING', /Receiving new incoming call from (\S+), assigned id \d+/],
  ['CALL_RINGING', /Call \d+ to \S+ (ringing)\./],
  ['CALL_ESTABLISHED', /Call (\d+) with \S+ connected\./],
  ['CALL_CLOSED', /Call \d+ with \S+ (?:ended|error)(?: \((.*)\))?\./],
  ['CALL_DTMF_START', /Receiving tone (\S) from/],
  ['CALL_HELD_BY_OTHER', /Call \d+ has been paused by (\S+)\./],
  ['CALL_HELD', /Call (\d+) with \S+ is now paused\./],
  ['CALL_MEDIA', /Media streams established with (\S+) for call \d+/],
];

/**
 * A linphonec in a home of its own. It speaks its `speech` in every call and records what it hears. Unlike
 * baresip it knows SHA-256 and can connect two of its calls with each other.
 */
export class Linphone implements Phone {
  readonly user: string;
  readonly uri: string;
  readonly #home: string;
  readonly #process: ChildProcess;
  readonly #events = new Happenings<PhoneEvent>();
  readonly #lines = new Happenings<string>();
  #calls: number[] = [];
  #recordings = 0;
  /** The recording of the last call that has ended. */
  #ended = 0;
  #unread = '';

  /** Starts a phone, and waits until it can be told what to do and, with a server, is registered. */
  static async start(options: LinphoneOptions): Promise<Linphone> {
    const home = mkdtempSync(join(tmpdir(), 'omnidial-linphone-'));
    mkdirSync(join(home, '.local', 'share', 'linphone'), { recursive: true });
    mkdirSync(join(home, '.config', 'linphone'), { recursive: true });
    const configuration = join(home, 'linphonerc');
    writeFileSync(configuration, configurationOf(options));
    // Its output to a pipe comes in blocks, long after what it tells of, unless stdbuf makes it lines.
    const child = spawn('stdbuf', ['-oL', 'linphonec', '-c', configuration], {
      env: { ...process.env, HOME: home },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const phone = new Linphone(options, home, child);
    try {
      phone.#say('soundcard use files');
      await phone.#lines.next('the sound card', (line) => line.includes('instead of soundcard'), 10_000);
      phone.#say(`play ${options.speech.path}`);
      phone.#nextRecording();
      if (options.server !== undefined) await phone.#registered();
      return phone;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  private constructor(options: LinphoneOptions, home: string, child: ChildProcess) {
    this.user = options.user;
    this.uri = `sip:${options.user}@127.0.0.1:${options.port}`;
    this.#home = home;
    this.#process = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stdin?.on('error', () => {});
  }

  event(type: PhoneEventType, timeoutMs = EVENT_TIMEOUT_MS): Promise<PhoneEvent> {
    return this.#events.next(`${this.user}: ${type}`, (event) => event.type === type, timeoutMs);
  }

  async dial(target: string): Promise<void> {
    this.#say(`call ${target}`);
  }

  async answer(): Promise<void> {
    this.#say('answer');
  }

  /** Ends the call; one that rings here is declined (603). */
  async hangUp(): Promise<void> {
    this.#say(this.#calls.length > 1 ? 'terminate all' : 'terminate');
  }

  async hold(): Promise<void> {
    this.#say('pause');
    await this.event('CALL_HELD');
  }

  /** Takes the earliest call that is still there off hold. */
  async resume(): Promise<void> {
    this.#say(`resume ${this.#calls[0] ?? 1}`);
  }

  async press(digit: string): Promise<void> {
    this.#say(digit);
  }

  async transferTo(target: string): Promise<void> {
    this.#say(`transfer ${target}`);
  }

  /** Connects the other parties of its two calls with each other (REFER with Replaces). */
  async attendedTransfer(): Promise<void> {
    const [first, second] = this.#calls;
    if (first === undefined || second === undefined) throw new Error(`${this.user} has no two calls.`);
    this.#say(`transfer ${first} --to-call ${second}`);
  }

  heard(): string {
    return this.#fileOf(this.#calls.length > 0 ? this.#recordings : this.#ended);
  }

  /** The next call goes into a file of its own, which has to be named before it begins: else it is lost. */
  #nextRecording(): void {
    if (this.#calls.length > 0) return;
    this.#ended = this.#recordings;
    this.#recordings += 1;
    this.#say(`record ${this.#fileOf(this.#recordings)}`);
  }

  #fileOf(recording: number): string {
    return join(this.#home, `heard-${recording}.wav`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#say('quit');
      const patience = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(patience);
    }
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** It tells of no registration by itself, so that it is asked. */
  async #registered(): Promise<void> {
    const untilMs = performance.now() + REGISTERED_WITHIN_MS;
    for (;;) {
      this.#say('status register');
      const line = await this.#lines.next('the status', (each) => /registered|identity=/.test(each), 2000);
      if (line.includes('registered, identity=') && !line.includes('unregistered')) return;
      if (performance.now() > untilMs) throw new Error(`${this.user} did not register: ${line}`);
      await sleep(100);
    }
  }

  #say(command: string): void {
    this.#process.stdin?.write(`${command}\n`);
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      this.#lines.add(line);
      const assigned = /assigned id (\d+)/.exec(line)?.[1];
      if (assigned !== undefined) this.#calls.push(Number(assigned));
      const gone = /Call (\d+) with \S+ (?:ended|error)/.exec(line)?.[1];
      if (gone !== undefined) {
        this.#calls = this.#calls.filter((id) => id !== Number(gone));
        this.#nextRecording();
      }
      for (const [type, pattern] of LINES) {
        const found = pattern.exec(line);
        if (found !== null) this.#events.add({ type, param: found[1] ?? '' });
      }
    }
  }
}

function configurationOf({ user, port, server }: LinphoneOptions): string {
  const account =
    server === undefined
      ? []
      : [
          '[auth_info_0]',
          `username=${user}`,
          `passwd=${server.password}`,
          `realm=${server.realm}`,
          '[proxy_0]',
          `reg_proxy=<sip:${server.address};transport=${server.transport}>`,
          `reg_identity=sip:${user}@${server.address}`,
          'reg_expires=300',
          'reg_sendregister=1',
        ];
  // G.711 alone, so that what is heard can be compared sample by sample.
  const codecs = ['opus/48000/2', 'speex/16000/1', 'speex/8000/1', 'PCMU/8000/1'].flatMap((codec, index) => {
    const [mime = '', rate = '', channels = ''] = codec.split('/');
    const enabled = mime === 'PCMU' ? 1 : 0;
    return [
      `[audio_codec_${index}]`,
      `mime=${mime}`,
      `rate=${rate}`,
      `channels=${channels}`,
      `enabled=${enabled}`,
    ];
  });
  return [
    '[sip]',
    `sip_port=${port}`,
    `sip_tcp_port=${port}`,
    'sip_tls_port=0',
    'bind_address=127.0.0.1',
    'use_ipv6=0',
    'guess_hostname=0',
    `default_proxy=${server === undefined ? -1 : 0}`,
    `contact=sip:${user}@127.0.0.1:${port}`,
    'use_rfc2833=1',
    'use_info=0',
    '[rtp]',
    'bind_address=127.0.0.1',
    `audio_rtp_port=${port + 4}`,
    '[sound]',
    'echocancellation=0',
    ...account,
    ...codecs,
    '',
  ].join('\n');
}
