import type { Socket } from 'node:net';
import { EMPTY_FRAMER, type Framer, stepFramer } from '../../../protocols/sip/message/index.ts';
import type { Flow } from './flow.ts';
import type { Surroundings } from './surroundings.ts';

/** RFC 5626 §4.4.1: a ping is a double CR LF, and its answer a single one. */
const PONG = Buffer.from('\r\n');

export type ConnectionEvents = {
  /** The first whole message has come. */
  onFirstMessage(): void;
  /** The connection is gone; called once. */
  onGone(wasOpen: boolean): void;
};

/** One TCP or TLS connection, accepted or opened by us: cuts messages, answers pings, and knows when it overstays. */
export class Connection {
  readonly flow: Flow;
  /** Whether the far end opened it. */
  readonly wasAccepted: boolean;
  /** Whether a whole message has come, or we opened it ourselves. */
  hasProvenItself: boolean;
  readonly #socket: Socket;
  readonly #around: Surroundings;
  readonly #events: ConnectionEvents;
  readonly #startedMs: number;
  #isOpen: boolean;
  #isGone = false;
  #framer: Framer = EMPTY_FRAMER;
  #usedMs: number;
  /** Since when a message is incomplete. */
  #incompleteSinceMs: number | undefined;
  /** How many bytes the far end had taken when we last looked, and since when no more. */
  #takenBytes = 0;
  #takenMs: number;

  constructor(socket: Socket, flow: Flow, accepted: boolean, around: Surroundings, events: ConnectionEvents) {
    this.#socket = socket;
    this.flow = flow;
    this.#around = around;
    this.#events = events;
    this.wasAccepted = accepted;
    this.hasProvenItself = !accepted;
    this.#isOpen = accepted;
    this.#startedMs = around.monotonicMs();
    this.#usedMs = this.#startedMs;
    this.#takenMs = this.#startedMs;
    socket.on(flow.transport === 'tls' ? 'secureConnect' : 'connect', () => {
      this.#isOpen = true;
    });
    socket.on('data', (chunk) => this.#receive(chunk));
    // What went wrong is told by `close`, which always follows; a certificate that is not believed is for an operator.
    socket.on('error', (error) => {
      if (!accepted && flow.transport === 'tls' && !this.#isOpen) {
        around.onTrouble(`TLS with ${flow.serverName ?? flow.address} has failed`, error);
      }
    });
    socket.on('close', () => this.#leave());
  }

  /** Sends a message; failures are told later. A far end that does not read loses the connection. */
  send(bytes: Buffer, onFailure: () => void): void {
    const { limits, metrics } = this.#around;
    const fail = () => {
      metrics.sendFailures += 1;
      onFailure();
    };
    if (this.#isGone || this.#socket.destroyed) {
      process.nextTick(fail);
      return;
    }
    if (this.#socket.writableLength + bytes.length > limits.waitingBytes) {
      process.nextTick(fail);
      this.#expel();
      return;
    }
    metrics.messagesOut += 1;
    this.#usedMs = this.#around.monotonicMs();
    this.#socket.write(bytes, (error) => {
      if (error !== null && error !== undefined) fail();
    });
  }

  /** Closes the connection at once; what waits on it fails. */
  close(): void {
    this.#socket.destroy();
    this.#leave();
  }

  /** Closes the connection where it has overstayed one of its times. */
  closeIfOverdue(nowMs: number): void {
    if (this.#isOverdue(nowMs)) this.#expel();
  }

  #isOverdue(nowMs: number): boolean {
    const { limits } = this.#around;
    if (!this.#isOpen) return nowMs - this.#startedMs >= limits.connectMs;
    if (!this.hasProvenItself && nowMs - this.#startedMs >= limits.firstMessageMs) return true;
    if (this.#incompleteSinceMs !== undefined && nowMs - this.#incompleteSinceMs >= limits.messageMs)
      return true;
    return nowMs - this.#usedMs >= limits.idleMs || this.#hasStalled(nowMs);
  }

  #hasStalled(nowMs: number): boolean {
    const taken = this.#socket.bytesWritten - this.#socket.writableLength;
    if (taken !== this.#takenBytes || this.#socket.writableLength === 0) {
      this.#takenBytes = taken;
      this.#takenMs = nowMs;
      return false;
    }
    return nowMs - this.#takenMs >= this.#around.limits.stalledMs;
  }

  #receive(chunk: Buffer): void {
    this.#usedMs = this.#around.monotonicMs();
    this.#around.metrics.bytesReceived += chunk.length;
    const [framer, frames] = stepFramer(this.#framer, chunk);
    this.#framer = framer;
    let pings = 0;
    for (const frame of frames) {
      // Whoever heard the message before may have closed the connection.
      if (this.#isGone) return;
      if (frame.kind === 'message') this.#deliver(frame.bytes);
      else if (frame.kind === 'ping') pings += 1;
      else this.#expel();
    }
    if (pings > 0 && !this.#isGone) this.#pong(pings);
    if (framer.length === 0) this.#incompleteSinceMs = undefined;
    else if (frames.length > 0 || this.#incompleteSinceMs === undefined)
      this.#incompleteSinceMs = this.#usedMs;
  }

  #deliver(bytes: Buffer): void {
    if (!this.hasProvenItself) {
      this.hasProvenItself = true;
      this.#events.onFirstMessage();
    }
    this.#around.onMessage(bytes, this.flow);
  }

  /** Pings that came together have one answer: whoever sends them by the thousand is not served a thousand times. */
  #pong(pings: number): void {
    this.#around.metrics.keepAlives += pings;
    if (this.#socket.writableLength + PONG.length > this.#around.limits.waitingBytes) this.#expel();
    else this.#socket.write(PONG);
  }

  #expel(): void {
    if (this.#isGone) return;
    this.#around.metrics.connectionsExpelled += 1;
    this.close();
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#framer = EMPTY_FRAMER;
    this.#events.onGone(this.#isOpen);
  }
}
