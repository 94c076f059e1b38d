import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Flow, TransportName } from './flow.ts';
import type { LocalAddress } from './network.ts';

/** A socket that listens. `address` is what it is bound to, which may be a wildcard. */
export type Listening = {
  readonly transport: TransportName;
  readonly address: string;
  readonly port: number;
  /** What neighbours are told instead, e.g. the public address in front of a one-to-one NAT. */
  readonly advertised?: string;
};

type Interface = { readonly address: string; readonly cidr: string | null; readonly internal: boolean };
export type Interfaces = () => readonly Interface[];

const systemInterfaces: Interfaces = () => Object.values(networkInterfaces()).flatMap((each) => each ?? []);

/** How many neighbours' answers are remembered before they are looked up afresh. */
const MOST_REMEMBERED = 4096;

/** Which of our listening sockets, and which of our addresses, a neighbour is to use. */
export class LocalAddresses {
  readonly #listening: readonly Listening[];
  readonly #interfaces: Interfaces;
  readonly #remembered = new Map<string, LocalAddress>();

  constructor(listening: readonly Listening[], interfaces: Interfaces = systemInterfaces) {
    this.#listening = listening;
    this.#interfaces = interfaces;
  }

  /**
   * The place in the list of the socket for a neighbour: the one the flow names, else one of its transport and
   * family, on loopback exactly where the neighbour is. -1 where there is none of the family.
   */
  indexFor({ transport, address, socket }: Pick<Flow, 'transport' | 'address' | 'socket'>): number {
    if (socket !== undefined && this.#listening[socket]?.transport === transport) return socket;
    const fits = (each: Listening) => each.transport === transport && sameFamily(each.address, address);
    const near = this.#listening.findIndex(
      (each) => fits(each) && (isWildcard(each.address) || isLoopback(each.address) === isLoopback(address)),
    );
    return near === -1 ? this.#listening.findIndex(fits) : near;
  }

  /** Our address as a neighbour sees it. Interfaces may change, so that what is remembered is forgotten by `forget`. */
  for(flow: Pick<Flow, 'transport' | 'address' | 'socket'>): LocalAddress {
    const key = `${flow.transport} ${flow.socket ?? ''} ${flow.address}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    if (this.#remembered.size >= MOST_REMEMBERED) this.forget();
    const index = this.indexFor(flow);
    // Nothing listens on this transport: what we send over it still has to name a place where we are found.
    const socket = this.#listening[index] ?? this.#listening[0];
    const local = {
      transport: flow.transport,
      address: socket === undefined ? '127.0.0.1' : this.#addressOf(socket, flow.address),
      port: socket?.port ?? 5060,
    };
    this.#remembered.set(key, local);
    return local;
  }

  forget(): void {
    this.#remembered.clear();
  }

  #addressOf(socket: Listening, neighbour: string): string {
    if (isLoopback(neighbour) && isWildcard(socket.address)) return isIPv6(neighbour) ? '::1' : '127.0.0.1';
    if (socket.advertised !== undefined) return socket.advertised;
    return isWildcard(socket.address) ? this.#interfaceFor(neighbour, socket.address) : socket.address;
  }

  /** The address on the neighbour's own network, else the first that is no loopback, else loopback. */
  #interfaceFor(neighbour: string, wildcard: string): string {
    const candidates = this.#interfaces().filter(
      (each) => sameFamily(each.address, wildcard) && !each.internal && !each.address.startsWith('fe80:'),
    );
    const near = candidates.find(({ cidr }) => cidr !== null && isWithin(neighbour, cidr));
    return (near ?? candidates[0])?.address ?? (isIPv6(wildcard) ? '::1' : '127.0.0.1');
  }
}

function isWithin(address: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (isIPv6(address) !== isIPv6(network)) return false;
  const range = new BlockList();
  range.addSubnet(network, Number(bits), family);
  return range.check(address, family);
}

function sameFamily(one: string, other: string): boolean {
  return one.includes(':') === other.includes(':');
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
