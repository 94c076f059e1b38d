import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { printRtp } from '../../../src/protocols/rtp/index.ts';

/** A phone's end of the sound: bare sockets for RTP and RTCP that say what they are told, and keep what they hear. */
export class MediaPeer {
  readonly port: number;
  /** Payloads of RTP, as text. */
  readonly heard: string[] = [];
  readonly heardRtcp: Buffer[] = [];
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #ssrc: number;
  #sequence = 0;

  static async open(ssrc = 7): Promise<MediaPeer> {
    for (;;) {
      const rtp = await bound(0);
      const { port } = rtp.address();
      const rtcp = port % 2 === 0 ? await bound(port + 1).catch(() => undefined) : undefined;
      if (rtcp !== undefined) return new MediaPeer(rtp, rtcp, ssrc);
      rtp.close();
    }
  }

  private constructor(rtp: Socket, rtcp: Socket, ssrc: number) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#ssrc = ssrc;
    this.port = rtp.address().port;
    rtp.on('message', (bytes) => this.heard.push(bytes.toString('latin1', 12)));
    rtcp.on('message', (bytes) => this.heardRtcp.push(bytes));
  }

  /** Says something in one packet of RTP, and leaves as many out before it as `lost`. */
  say(text: string, to: number, { payloadType = 0, lost = 0, ssrc = this.#ssrc } = {}): void {
    this.#sequence += 1 + lost;
    const packet = printRtp({
      payloadType,
      marker: false,
      sequence: this.#sequence,
      timestamp: this.#sequence * 160,
      ssrc,
      payload: Buffer.from(text.padEnd(160, '.')),
    });
    this.#rtp.send(packet, to, LOOPBACK);
  }

  sayRaw(bytes: Uint8Array, to: number): void {
    this.#rtp.send(bytes, to, LOOPBACK);
  }

  /** A receiver report without blocks (RFC 3550 §6.4.2). */
  report(to: number): void {
    const bytes = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0]);
    bytes.writeUInt32BE(this.#ssrc, 4);
    this.#rtcp.send(bytes, to + 1, LOOPBACK);
  }

  /** Whether it heard this, now or within two seconds. */
  async hears(text: string): Promise<boolean> {
    for (let waited = 0; waited < 200; waited += 1) {
      if (this.heard.some((each) => each.startsWith(text))) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  }

  close(): void {
    this.#rtp.close();
    this.#rtcp.close();
  }
}

const LOOPBACK = '127.0.0.1';

async function bound(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, LOOPBACK);
  await once(socket, 'listening');
  return socket;
}

/** A description of G.711 and keys at a port, with further lines of its medium. */
export function soundAt(
  port: number,
  { lines = [] as readonly string[], address = LOOPBACK, version = 1 } = {},
): string {
  return [
    'v=0',
    `o=phone 4711 ${version} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 8 101`,
    'a=rtpmap:101 telephone-event/8000',
    ...lines,
    '',
  ].join('\r\n');
}
