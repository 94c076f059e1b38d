import { connect, isIP, type Socket } from 'node:net';
import { Connection } from './connection.ts';
import { type Flow, isPort, sameFarEnd } from './flow.ts';
import type { Surroundings } from './surroundings.ts';
import type { Tls } from './tls.ts';

/** The connections of one source, and in order of age those that have not proven themselves. */
type Source = { count: number; readonly unproven: Set<Connection> };

/**
 * All connections, over TCP and TLS. Each has a number of its own; a far end that several messages go to shares one.
 * When there are too many, the oldest that has never sent a whole message makes room for the newcomer, first among
 * those of the newcomer's own source: ten thousand half-open ones shut nobody out.
 */
export class Connections {
  readonly #around: Surroundings;
  readonly #byNumber = new Map<number, Connection>();
  readonly #byFarEnd = new Map<string, Connection>();
  readonly #unproven = new Set<Connection>();
  readonly #sources = new Map<string, Source>();
  readonly #tls: Tls | undefined;
  #lastNumber = 0;

  constructor(around: Surroundings, tls?: Tls) {
    this.#around = around;
    this.#tls = tls;
  }

  /** Takes a connection that a far end opened, or turns it away. */
  accept(socket: Socket, transport: 'tcp' | 'tls'): void {
    const { remoteAddress: address, remotePort: port } = socket;
    // It may be gone before we looked at it.
    if (address === undefined || port === undefined) {
      socket.destroy();
      return;
    }
    if (!this.#makeRoom(address)) {
      this.#around.metrics.connectionsRefused += 1;
      socket.destroy();
      return;
    }
    const secured = transport === 'tls' ? this.#tls?.accept(socket) : socket;
    if (secured === undefined) {
      socket.destroy();
      return;
    }
    this.#around.metrics.connectionsAccepted += 1;
    this.#add(secured, { transport, address, port }, true);
  }

  /** Sends on the flow's connection, on another one to the same far end, or on a new one. */
  send(bytes: Buffer, to: Flow, from: string | undefined, onFailure: () => void): void {
    const connection = this.#numbered(to) ?? this.#byFarEnd.get(farEnd(to)) ?? this.#open(to, from);
    if (connection !== undefined) {
      connection.send(bytes, onFailure);
      return;
    }
    process.nextTick(() => {
      this.#around.metrics.sendFailures += 1;
      onFailure();
    });
  }

  closeOverdue(): void {
    const nowMs = this.#around.monotonicMs();
    for (const connection of this.#byNumber.values()) connection.closeIfOverdue(nowMs);
  }

  closeAll(): void {
    for (const connection of this.#byNumber.values()) connection.close();
  }

  /** The flow's own connection. A number that was kept over a restart may be another neighbour's by now. */
  #numbered(to: Flow): Connection | undefined {
    const connection = to.connection === undefined ? undefined : this.#byNumber.get(to.connection);
    return connection !== undefined && sameFarEnd(connection.flow, to) ? connection : undefined;
  }

  #open(to: Flow, from: string | undefined): Connection | undefined {
    // A name would be looked up in the DNS, which is not our part.
    if (isIP(to.address) === 0 || !isPort(to.port) || !this.#makeRoom(undefined)) return undefined;
    if (to.transport === 'tls' && this.#tls === undefined) {
      this.#around.onTrouble(
        'A far end is reached over TLS only, for which no certificate is set up',
        undefined,
      );
    }
    let socket: Socket | undefined;
    try {
      const local = from === undefined ? {} : { localAddress: from };
      socket =
        to.transport === 'tls'
          ? this.#tls?.connect(to, from)
          : connect({ host: to.address, port: to.port, noDelay: true, keepAlive: true, ...local });
    } catch (error) {
      this.#around.onTrouble('A connection could not be opened', error);
    }
    if (socket === undefined) return undefined;
    this.#around.metrics.connectionsOpened += 1;
    return this.#add(socket, to, false);
  }

  #add(socket: Socket, to: Flow, accepted: boolean): Connection {
    this.#lastNumber += 1;
    const flow: Flow = { ...to, connection: this.#lastNumber };
    const { address } = flow;
    const connection: Connection = new Connection(socket, flow, accepted, this.#around, {
      onFirstMessage: () => this.#prove(connection),
      onGone: (wasOpen) => this.#remove(connection, wasOpen),
    });
    this.#byNumber.set(this.#lastNumber, connection);
    this.#byFarEnd.set(farEnd(flow), connection);
    if (accepted) {
      const source = this.#sourceOf(address);
      source.count += 1;
      source.unproven.add(connection);
      this.#unproven.add(connection);
    }
    this.#around.metrics.connections = this.#byNumber.size;
    return connection;
  }

  #prove(connection: Connection): void {
    this.#unproven.delete(connection);
    this.#sources.get(sourceName(connection.flow.address))?.unproven.delete(connection);
  }

  #remove(connection: Connection, wasOpen: boolean): void {
    const { address, connection: number = 0 } = connection.flow;
    this.#byNumber.delete(number);
    const key = farEnd(connection.flow);
    if (this.#byFarEnd.get(key) === connection) this.#byFarEnd.delete(key);
    this.#prove(connection);
    if (connection.wasAccepted) this.#leaveSource(sourceName(address));
    this.#around.metrics.connections = this.#byNumber.size;
    if (wasOpen) this.#around.onClosed(connection.flow);
  }

  #leaveSource(name: string): void {
    const source = this.#sources.get(name);
    if (source === undefined) return;
    source.count -= 1;
    if (source.count === 0) this.#sources.delete(name);
  }

  #sourceOf(address: string): Source {
    const name = sourceName(address);
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    const source: Source = { count: 0, unproven: new Set() };
    this.#sources.set(name, source);
    return source;
  }

  /** Makes room for one more, from a source or of our own; false where everybody who is here has proven himself. */
  #makeRoom(address: string | undefined): boolean {
    const { connections, connectionsPerSource } = this.#around.limits;
    const source = address === undefined ? undefined : this.#sources.get(sourceName(address));
    if (source !== undefined && source.count >= connectionsPerSource && !this.#displace(source.unproven))
      return false;
    return (
      this.#byNumber.size < connections || this.#displace(source?.unproven) || this.#displace(this.#unproven)
    );
  }

  #displace(unproven: ReadonlySet<Connection> | undefined): boolean {
    for (const oldest of unproven ?? []) {
      this.#around.metrics.connectionsDisplaced += 1;
      oldest.close();
      return true;
    }
    return false;
  }
}

/** A connection serves those who want the same name at its end: a certificate was checked for that one alone. */
function farEnd({ transport, address, port, serverName = '' }: Flow): string {
  return `${transport} ${address} ${port} ${serverName}`;
}

/** An IPv4 address, or the /64 of an IPv6 address. */
export function sourceName(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => group || '0')
    .join(':');
}
