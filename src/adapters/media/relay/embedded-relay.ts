import type { Socket } from 'node:dgram';
import { accept, type Result } from '../../../domain/refusal/index.ts';
import { isRtcp, isRtp, Reception } from '../../../protocols/rtp/index.ts';
import type { RelayableSession } from '../../../protocols/sdp/index.ts';
import type { MediaRelay, RelayedStream, RelaySide, RelayStatistics } from '../../../services/ports/index.ts';
import { InsertedTone } from './inserted-tone.ts';
import { Negotiation, otherSide, RELAY_CLOSED } from './negotiation.ts';
import { Peer } from './peer.ts';
import type { SocketPair } from './socket-pairs.ts';
import { ViewedSession } from './viewed-session.ts';

export type EmbeddedRelayOptions = {
  /** Our address as it is bound, and as the phones see it. */
  readonly address: string;
  readonly advertisedAddress: string;
  readonly signalledFrom: Readonly<Partial<Record<RelaySide, string>>>;
  readonly pairs: Readonly<Record<RelaySide, SocketPair>>;
  /** In milliseconds, of a clock that never jumps. */
  readonly nowMs: () => number;
  readonly onClosed: () => void;
};

/** The relay's end towards one side. */
class Port {
  readonly pair: SocketPair;
  readonly rtp: Peer;
  readonly rtcp: Peer;
  readonly view = new ViewedSession();
  readonly reception = new Reception();
  /** What either side may send, by the descriptions in force. */
  clockRates: ReadonlyMap<number, number> = new Map();
  /** What this side hears in the place of the other one. */
  tone: InsertedTone | undefined;
  packets = 0;
  bytes = 0;
  refused = 0;

  constructor(pair: SocketPair, signalledFrom: string | undefined) {
    this.pair = pair;
    this.rtp = new Peer(signalledFrom);
    this.rtcp = new Peer(signalledFrom);
  }

  describe({ wanted }: RelayableSession, clockRates: ReadonlyMap<number, number>): void {
    this.clockRates = clockRates;
    this.rtp.describe(wanted);
    this.rtcp.describe(wanted && { address: wanted.address, port: wanted.rtcpPort });
  }

  counted(): RelayedStream {
    const { packets, bytes, refused } = this;
    return { packets, bytes, lost: this.reception.lost, jitterMs: this.reception.jitterMs, refused };
  }
}

/** One call's relay in this process: two pairs of ports, each of which one side alone may send to. */
export class EmbeddedRelay implements MediaRelay {
  readonly #options: EmbeddedRelayOptions;
  readonly #ports: Readonly<Record<RelaySide, Port>>;
  readonly #negotiation: Negotiation;
  #heardMs: number;
  #isClosed = false;

  constructor(options: EmbeddedRelayOptions) {
    const { pairs, signalledFrom } = options;
    this.#options = options;
    this.#negotiation = new Negotiation(options.address);
    this.#heardMs = options.nowMs();
    this.#ports = {
      caller: new Port(pairs.caller, signalledFrom.caller),
      callee: new Port(pairs.callee, signalledFrom.callee),
    };
    for (const side of ['caller', 'callee'] as const) this.#listen(side);
  }

  offer(from: RelaySide, sdp: string): Result<string> {
    if (this.#isClosed) return RELAY_CLOSED;
    const read = this.#negotiation.readOffer(sdp);
    if (!read.ok) return read;
    this.#negotiation.offer(from, read.value);
    return accept(this.#show(from, read.value));
  }

  answer(from: RelaySide, sdp: string): Result<string> {
    if (this.#isClosed) return RELAY_CLOSED;
    const read = this.#negotiation.readAnswer(from, sdp);
    if (!read.ok) return read;
    const agreed = this.#negotiation.answer(from, read.value);
    if (agreed !== undefined) {
      const clockRates = new Map([...agreed.caller.clockRates, ...agreed.callee.clockRates]);
      this.#ports.caller.describe(agreed.caller, clockRates);
      this.#ports.callee.describe(agreed.callee, clockRates);
      // The wait for silence begins anew: a call that is taken from hold was silent for long.
      this.#heardMs = this.#options.nowMs();
    }
    return accept(this.#show(from, read.value));
  }

  statistics(): RelayStatistics {
    return { fromCaller: this.#ports.caller.counted(), fromCallee: this.#ports.callee.counted() };
  }

  beep(to: RelaySide): void {
    if (this.#negotiation.agreed?.[to].isEncrypted === true) return;
    this.#ports[to].tone = new InsertedTone();
  }

  /** For how many milliseconds neither side was heard; 0 where nothing has to be heard: before an answer, on hold. */
  silentMs(nowMs: number): number {
    return this.#negotiation.agreed === undefined || this.#negotiation.isOnHold ? 0 : nowMs - this.#heardMs;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.onClosed();
  }

  #show(from: RelaySide, described: RelayableSession): string {
    const { view, pair } = this.#ports[otherSide(from)];
    return view.show(described, { address: this.#options.advertisedAddress, port: pair.port });
  }

  #listen(side: RelaySide): void {
    const from = this.#ports[side];
    const to = this.#ports[otherSide(side)];
    from.pair.rtp.on('message', (bytes, { address, port }) => this.#relayRtp(from, to, bytes, address, port));
    from.pair.rtcp.on('message', (bytes, { address, port }) => {
      // The sender of a report has its number at the place of four bytes (RFC 3550 §6.4).
      const isSameSender = () => bytes.readUInt32BE(4) === from.reception.ssrc;
      if (isRtcp(bytes) && from.rtcp.accepts(address, port, isSameSender))
        pass(to.pair.rtcp, bytes, to.rtcp.place);
      else from.refused += 1;
    });
  }

  #relayRtp(from: Port, to: Port, bytes: Buffer, address: string, port: number): void {
    if (!isRtp(bytes, from.clockRates)) {
      from.refused += 1;
      return;
    }
    const ssrc = bytes.readUInt32BE(8);
    if (!from.rtp.accepts(address, port, () => ssrc === from.reception.ssrc)) {
      from.refused += 1;
      return;
    }
    if (to.tone?.insert(bytes) === true) to.tone = undefined;
    pass(to.pair.rtp, bytes, to.rtp.place);
    const nowMs = this.#options.nowMs();
    this.#heardMs = nowMs;
    from.packets += 1;
    from.bytes += bytes.length;
    const clockRate = from.clockRates.get((bytes[1] ?? 0) & 0x7f) ?? 8000;
    from.reception.take(ssrc, bytes.readUInt16BE(2), bytes.readUInt32BE(4), nowMs, clockRate);
  }
}

function pass(socket: Socket, bytes: Buffer, place: { address: string; port: number } | undefined): void {
  // There is no port 0: some sides have no port for RTCP.
  if (place === undefined || place.port === 0) return;
  socket.send(bytes, place.port, place.address);
}
