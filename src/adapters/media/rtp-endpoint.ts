import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { encodeG711, type G711Law } from '../../protocols/audio/index.ts';
import { isTelephoneDigit, parseRtp, printRtp } from '../../protocols/rtp/index.ts';
import type { Clock, StopTimer, Timers } from '../../services/ports/index.ts';
import {
  type Hearing,
  hear,
  hearRest,
  type IncomingStream,
  lostOf,
  NOTHING_HEARD,
} from './incoming-stream.ts';
import {
  FRAME_MS,
  FRAME_SAMPLES,
  nextPacket,
  type OutgoingStream,
  passFrames,
  pressDigit,
  startOutgoing,
} from './outgoing-stream.ts';
import { pace } from './pacing.ts';
import { bindRtpSocket, type PortRange } from './rtp-socket.ts';
import { SILENCE, type SoundSource } from './sound-source.ts';

/** What was agreed about the sound of a call. */
export type MediaTerms = {
  /** Where the other side wants its sound, and from where alone its own is taken. */
  readonly remote: { readonly address: string; readonly port: number };
  readonly law: G711Law;
  /** The payload type of RFC 4733 digits, where both sides know them. */
  readonly telephoneEvents?: number;
  /** As seen from here. */
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** The payload type that we named for digits, where the far end named another: it may send either. */
  readonly ownTelephoneEvents?: number;
  /**
   * Where its signalling comes from. Where this is given, the first packet from there, or from another port of the
   * remote address, says where the far end behind its NAT really is; from then on nobody else is heard.
   */
  readonly signalledFrom?: string;
};

/** Who listens. None of these may throw. */
export type MediaListener = {
  onSound?(samples: Int16Array): void;
  onDigit?(digit: string): void;
};

export type MediaStatistics = {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Sent by the other side, as its numbers tell, and never arrived. */
  readonly packetsLost: number;
  /** Packets of others than the signalled far end, and what was no RTP. */
  readonly packetsRefused: number;
};

export type RtpEndpointOptions = {
  /** The literal address to listen on, e.g. `127.0.0.1`. */
  readonly address: string;
  /** The ports to choose from; without, the operating system chooses. */
  readonly ports?: PortRange;
  readonly listener: MediaListener;
  readonly clock?: Clock;
  readonly timers?: Timers;
};

/** One that never jumps. */
export const MONOTONIC_CLOCK: Clock = { nowMs: () => performance.now() };
export const REAL_TIMERS: Timers = {
  start(afterMs, run) {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
};

/** One end of the sound of a call: G.711 in frames of 20 ms over UDP, with RFC 4733 digits. RTCP is not spoken. */
export class RtpEndpoint {
  readonly address: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #options: RtpEndpointOptions;
  #terms: MediaTerms | undefined;
  /** Where the far end was found behind its NAT. */
  #found: MediaTerms['remote'] | undefined;
  #source: SoundSource = SILENCE;
  #onSourceEnded: (() => void) | undefined;
  #outgoing: OutgoingStream;
  #incoming: IncomingStream = NOTHING_HEARD;
  #stopPacing: StopTimer | undefined;
  #isClosed = false;
  #sent = 0;
  #refused = 0;

  /** Binds a socket. Rejects where no port is free or the address is not ours. */
  static async open(options: RtpEndpointOptions): Promise<RtpEndpoint> {
    return new RtpEndpoint(await bindRtpSocket(options.address, options.ports), options);
  }

  private constructor(socket: Socket, options: RtpEndpointOptions) {
    const { address, port } = socket.address();
    this.address = address;
    this.port = port;
    this.#socket = socket;
    this.#options = options;
    const chance = randomBytes(10);
    this.#outgoing = startOutgoing(chance.readUInt32LE(0), chance.readUInt16LE(4), chance.readUInt32LE(6));
    socket.on('message', (bytes, from) => this.#receive(bytes, from));
    // A port that nobody listens on is reported as an error of the socket: the call goes on without sound.
    socket.on('error', () => {});
  }

  /** Begins to send and to listen, or goes on with other terms. */
  connect(terms: MediaTerms): void {
    if (this.#isClosed) return;
    const before = this.#terms?.remote;
    if (before?.port !== terms.remote.port || before.address !== terms.remote.address)
      this.#found = undefined;
    this.#terms = terms;
    const { clock = MONOTONIC_CLOCK, timers = REAL_TIMERS } = this.#options;
    this.#stopPacing ??= pace(FRAME_MS, { clock, timers }, (missed) => this.#tick(missed));
  }

  /**
   * Speaks from now on with this sound; once it has ended, with silence. It waits while the call is held.
   * @param onEnded called once when all of it was sent, and not where other sound took its place
   */
  play(source: SoundSource, onEnded?: () => void): void {
    this.#source = source;
    this.#onSourceEnded = onEnded;
  }

  /** Presses a key. @returns whether the other side can hear it: it is a key, and RFC 4733 was agreed */
  press(digit: string): boolean {
    const canBeHeard = isTelephoneDigit(digit) && this.#terms?.telephoneEvents !== undefined;
    if (canBeHeard) this.#outgoing = pressDigit(this.#outgoing, digit);
    return canBeHeard;
  }

  statistics(): MediaStatistics {
    return {
      packetsSent: this.#sent,
      packetsReceived: this.#incoming.received,
      packetsLost: lostOf(this.#incoming),
      packetsRefused: this.#refused,
    };
  }

  /** Lets out what was still waiting to be heard, and closes the socket. May be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopPacing?.();
    const [incoming, rest] = hearRest(this.#incoming);
    this.#incoming = incoming;
    this.#report(rest);
    this.#socket.close();
  }

  #tick(missed: number): void {
    const terms = this.#terms;
    if (terms === undefined) return;
    this.#outgoing = passFrames(this.#outgoing, missed);
    const maySend = terms.direction === 'sendrecv' || terms.direction === 'sendonly';
    if (!maySend) {
      this.#outgoing = passFrames(this.#outgoing, 1);
      return;
    }
    const sound = encodeG711(terms.law, this.#nextFrame());
    // Whoever heard that the sound has ended may have closed.
    if (this.#isClosed) return;
    const payloads = { audio: terms.law === 'PCMU' ? 0 : 8 };
    const events = terms.telephoneEvents;
    const [outgoing, packet] = nextPacket(
      this.#outgoing,
      events === undefined ? payloads : { ...payloads, events },
      sound,
    );
    this.#outgoing = outgoing;
    if (packet === undefined) return;
    this.#sent += 1;
    const { port, address } = this.#found ?? terms.remote;
    this.#socket.send(printRtp(packet), port, address, () => {});
  }

  #nextFrame(): Int16Array {
    const frame = this.#source.read(FRAME_SAMPLES);
    if (frame !== undefined) return frame;
    const onEnded = this.#onSourceEnded;
    this.play(SILENCE);
    onEnded?.();
    return this.#source.read(FRAME_SAMPLES) ?? new Int16Array(FRAME_SAMPLES);
  }

  #receive(bytes: Uint8Array, from: { readonly address: string; readonly port: number }): void {
    const terms = this.#terms;
    const packet = parseRtp(bytes);
    if (terms === undefined || packet === undefined || !this.#isOfPeer(terms, from)) {
      this.#refused += 1;
      return;
    }
    const events = [terms.telephoneEvents, terms.ownTelephoneEvents];
    const [incoming, heard] = hear(this.#incoming, packet, events);
    this.#incoming = incoming;
    if (terms.direction === 'sendrecv' || terms.direction === 'recvonly') this.#report(heard);
  }

  #isOfPeer({ remote, signalledFrom }: MediaTerms, from: MediaTerms['remote']): boolean {
    const wanted = this.#found ?? remote;
    if (wanted.port === from.port && wanted.address === from.address) return true;
    if (this.#found !== undefined || signalledFrom === undefined) return false;
    if (from.address !== remote.address && from.address !== signalledFrom) return false;
    this.#found = { address: from.address, port: from.port };
    return true;
  }

  #report(heard: readonly Hearing[]): void {
    const { listener } = this.#options;
    for (const each of heard) {
      if (each.kind === 'sound') listener.onSound?.(each.samples);
      else listener.onDigit?.(each.digit);
    }
  }
}
