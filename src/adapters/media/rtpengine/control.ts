import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { accept, type Result, refuse } from '../../../domain/refusal/index.ts';
import type { StopTimer, Timers } from '../../../services/ports/index.ts';
import { type Bencoded, type Encodable, membersOf, parseBencode, printBencode } from './bencode.ts';

export type Reply = ReadonlyMap<string, Bencoded>;

/** rtpengine answers in well under a millisecond; what it does not answer by then was lost. */
const REPEAT_MS = 250;
/** A caller waits for this before the phone rings. */
const MOST_TRIES = 6;
const PING_EVERY_MS = 1_000;

type Waiting = { readonly resolve: (reply: Result<Reply>) => void; stop: StopTimer };

/**
 * The "ng" protocol of rtpengine over UDP: a cookie and a dictionary each way. A command that is sent again under the
 * same cookie is carried out once. Replies are taken from the daemon's address alone.
 */
export class Control {
  readonly #socket: Socket;
  readonly #timers: Timers;
  readonly #prefix = randomBytes(6).toString('hex');
  readonly #waiting = new Map<string, Waiting>();
  #asked = 0;
  #isAway = true;
  #isClosed = false;
  #stopPinging: StopTimer = () => {};

  /** Opens the socket and asks once whether the daemon is there; it may come later. */
  static async connect(address: string, port: number, timers: Timers): Promise<Control> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    // A daemon that is away is reported as an error of the socket; the time-out tells it too.
    socket.on('error', () => {});
    socket.connect(port, address);
    await once(socket, 'connect');
    const control = new Control(socket, timers);
    await control.#ping();
    return control;
  }

  private constructor(socket: Socket, timers: Timers) {
    this.#socket = socket;
    this.#timers = timers;
    socket.on('message', (bytes) => this.#receive(bytes));
  }

  /** Whether the last command was not answered. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Refused with `media-not-relayed` where the daemon says no, or says nothing for a second and a half. */
  ask(command: { readonly [key: string]: Encodable }): Promise<Result<Reply>> {
    if (this.#isClosed) return Promise.resolve(NO_ANSWER);
    this.#asked += 1;
    const cookie = `${this.#prefix}_${this.#asked}`;
    const bytes = Buffer.from(`${cookie} ${printBencode(command)}`);
    return new Promise((resolve) => {
      const waiting: Waiting = { resolve, stop: () => {} };
      this.#waiting.set(cookie, waiting);
      this.#send(cookie, waiting, bytes, MOST_TRIES);
    });
  }

  /** Whatever still waits is refused. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopPinging();
    for (const { stop, resolve } of this.#waiting.values()) {
      stop();
      resolve(NO_ANSWER);
    }
    this.#waiting.clear();
    this.#socket.close();
  }

  #send(cookie: string, waiting: Waiting, bytes: Buffer, tries: number): void {
    this.#socket.send(bytes, () => {});
    waiting.stop = this.#timers.start(REPEAT_MS, () => {
      if (tries > 1) {
        this.#send(cookie, waiting, bytes, tries - 1);
        return;
      }
      this.#waiting.delete(cookie);
      this.#isAway = true;
      waiting.resolve(NO_ANSWER);
    });
  }

  #receive(bytes: Buffer): void {
    const space = bytes.indexOf(' ');
    const cookie = bytes.toString('latin1', 0, Math.max(0, space));
    const waiting = this.#waiting.get(cookie);
    if (waiting === undefined) return;
    this.#waiting.delete(cookie);
    waiting.stop();
    this.#isAway = false;
    const reply = membersOf(parseBencode(bytes.subarray(space + 1)));
    const result = reply.get('result');
    if (result === 'ok' || result === 'pong') waiting.resolve(accept(reply));
    else {
      const reason = String(reply.get('error-reason') ?? 'it gave no reason');
      waiting.resolve(refuse('media-not-relayed', `The media relay refused: ${reason}.`));
    }
  }

  /** So that a daemon that has gone is known before a call asks for it, and one that has come back too. */
  async #ping(): Promise<void> {
    await this.ask({ command: 'ping' });
    if (this.#isClosed) return;
    this.#stopPinging = this.#timers.start(PING_EVERY_MS, () => {
      void this.#ping();
    });
  }
}

const NO_ANSWER = refuse('media-not-relayed', 'The media relay does not answer.');
