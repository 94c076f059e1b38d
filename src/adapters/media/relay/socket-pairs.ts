import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { PortRange } from '../rtp-socket.ts';

/** A socket for RTP on an even port, and one for RTCP on the next (RFC 3550 §11). */
export type SocketPair = { readonly port: number; readonly rtp: Socket; readonly rtcp: Socket };

/** How many pairs of ports are tried that somebody else has, before the relay counts as full. */
const MOST_TRIED = 64;

/**
 * Binds pairs of sockets at the moment they are asked for. The address is a literal, so that nothing has to be looked
 * up and a socket is bound when `bind` returns. Ports are taken in turn: the port of a call that has just ended is the
 * last to be another's.
 */
export class SocketPairs {
  readonly #address: string;
  readonly #free: number[] = [];
  #bound = 0;

  /** The even ports of the range whose next port is in the range too. */
  constructor(address: string, ports: PortRange) {
    this.#address = address;
    for (let port = ports.from + (ports.from % 2); port + 1 <= ports.to; port += 2) this.#free.push(port);
  }

  /** How many pairs are in use. */
  get bound(): number {
    return this.#bound;
  }

  /** @returns undefined where no pair is free */
  take(): SocketPair | undefined {
    for (let tries = Math.min(MOST_TRIED, this.#free.length); tries > 0; tries -= 1) {
      const port = this.#free.shift();
      if (port === undefined) return undefined;
      const rtp = bindNow(this.#address, port);
      const rtcp = rtp === undefined ? undefined : bindNow(this.#address, port + 1);
      if (rtp !== undefined && rtcp !== undefined) {
        this.#bound += 1;
        return { port, rtp, rtcp };
      }
      rtp?.close();
      this.#free.push(port);
    }
    return undefined;
  }

  /** Closes both sockets. To be called once a pair. */
  release({ port, rtp, rtcp }: SocketPair): void {
    rtp.close();
    rtcp.close();
    this.#bound -= 1;
    this.#free.push(port);
  }
}

type LookedUp = (error: null, address: string, family: 4 | 6) => void;

/** Every address a relay sends to is a literal. Node waits a turn of its loop for a look-up of its own, even so. */
function literal(host: string, options: unknown, done?: LookedUp): void {
  const answer = (done ?? options) as LookedUp;
  answer(null, host, isIPv6(host) ? 6 : 4);
}

function bindNow(address: string, port: number): Socket | undefined {
  const socket = createSocket({
    type: isIPv6(address) ? 'udp6' : 'udp4',
    // The type asks for the whole of dns.lookup, of which a socket uses this much.
    lookup: literal as unknown as NonNullable<Parameters<typeof createSocket>[0] & object>['lookup'] & object,
  });
  // A port that is taken, and later a peer that is gone, are reported as errors of the socket.
  socket.on('error', () => {});
  try {
    socket.bind({ port, address, exclusive: true });
    // Throws where the socket is not bound.
    socket.address();
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
