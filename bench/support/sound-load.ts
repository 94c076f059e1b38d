import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { printRtp } from '../../src/protocols/rtp/index.ts';

/** The ports of a relay in each call, as the caller sees it and as the callee does. */
export type CallPorts = readonly (readonly [towardsCaller: number, towardsCallee: number])[];

const LOOPBACK = '127.0.0.1';
const PACKET_MS = 20;
/** All packets of 20 ms are sent in as many portions, so that no buffer has to hold them at once. */
const PORTIONS = 10;

/** Both phones of many calls: each sends G.711 in packets of 20 ms, from one socket for all callers and one for all callees. */
export class SoundLoad {
  readonly callerPort: number;
  readonly calleePort: number;
  sent = 0;
  received = 0;
  readonly #caller: Socket;
  readonly #callee: Socket;

  static open(): SoundLoad {
    return new SoundLoad(bound(), bound());
  }

  private constructor(caller: Socket, callee: Socket) {
    this.#caller = caller;
    this.#callee = callee;
    this.callerPort = caller.address().port;
    this.calleePort = callee.address().port;
    for (const socket of [caller, callee])
      socket.on('message', () => {
        this.received += 1;
      });
  }

  /** Talks in all calls for a while, and waits for what is on its way. */
  async talk(ports: CallPorts, seconds: number): Promise<void> {
    const startMs = performance.now();
    const portions = (seconds * 1000 * PORTIONS) / PACKET_MS;
    for (let portion = 0; portion < portions; portion += 1) {
      const dueMs = startMs + (portion * PACKET_MS) / PORTIONS;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      else if (portion % PORTIONS === 0) await new Promise(setImmediate);
      const sequence = Math.floor(portion / PORTIONS);
      for (let call = portion % PORTIONS; call < ports.length; call += PORTIONS) {
        const [towardsCaller = 0, towardsCallee = 0] = ports[call] ?? [];
        this.#send(this.#caller, towardsCaller, call, sequence);
        this.#send(this.#callee, towardsCallee, call, sequence);
      }
    }
    await sleep(200);
  }

  close(): void {
    this.#caller.close();
    this.#callee.close();
  }

  #send(socket: Socket, port: number, ssrc: number, sequence: number): void {
    this.sent += 1;
    const timestamp = sequence * SOUND.length;
    socket.send(
      printRtp({ payloadType: 0, marker: false, sequence, timestamp, ssrc, payload: SOUND }),
      port,
      LOOPBACK,
    );
  }
}

const SOUND = new Uint8Array(160).fill(0xd5);

/** Bound when it returns, since nothing has to be looked up. */
function bound(): Socket {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: 4_194_304,
    // Every address is a literal. The type asks for the whole of dns.lookup, of which a socket uses this much.
    lookup: ((host: string, _options: unknown, done: (error: null, address: string, family: 4) => void) =>
      done(null, host, 4)) as unknown as NonNullable<Parameters<typeof createSocket>[0] & object>['lookup'] &
      object,
  });
  socket.bind(0, LOOPBACK);
  return socket;
}
