import type { Flow, LocalAddress, Network, NetworkListener } from '../../src/adapters/sip/network/index.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type Packet = {
  readonly atMs: number;
  readonly from: Flow;
  readonly to: Flow;
  readonly bytes: Buffer;
};

/** A network in memory on a virtual clock: hosts send each other whole messages, which take a millisecond. */
export class MemoryNetwork {
  readonly #clock: VirtualClock;
  readonly #hosts = new Map<string, NetworkListener | undefined>();
  /** Everything that was sent, in order; tests draw ladders of it. */
  readonly packets: Packet[] = [];
  /** Decides what is lost; nothing unless a test says so. */
  loses: (packet: Packet) => boolean = () => false;
  /** Decides what cannot even be sent, as over a connection that broke: the sender is told. */
  fails: (packet: Packet) => boolean = () => false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** A host with one address, over UDP or TCP. A message to an address nobody has is reported as failed. */
  host(address: string, port: number, transport: Flow['transport'] = 'udp'): Network {
    const own: Flow = { transport, address, port };
    const local: LocalAddress = own;
    this.#hosts.set(keyOf(own), undefined);
    return {
      listen: (listener) => {
        this.#hosts.set(keyOf(own), listener);
      },
      send: (bytes, to, onFailure) => {
        const packet = { atMs: this.#clock.nowMs(), from: own, to, bytes };
        this.packets.push(packet);
        if (this.loses(packet)) return;
        const hasFailed = this.fails(packet);
        this.#clock.schedule(1, () => {
          const listener = this.#hosts.get(keyOf(to));
          if (listener === undefined || hasFailed) onFailure();
          else listener.onMessage(bytes, own);
        });
      },
      localAddress: () => local,
    };
  }

  /** The host is gone, as after a crash. */
  remove(address: string, port: number, transport: Flow['transport'] = 'udp'): void {
    this.#hosts.delete(keyOf({ transport, address, port }));
  }
}

function keyOf({ transport, address, port }: Flow): string {
  return `${transport} ${address} ${port}`;
}
