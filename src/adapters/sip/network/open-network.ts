import { Connections } from './connections.ts';
import type { TransportName } from './flow.ts';
import { DEFAULT_LIMITS, type NetworkLimits } from './limits.ts';
import { type Listening, LocalAddresses } from './local-address.ts';
import { type NetworkMetrics, newMetrics } from './metrics.ts';
import type { LocalAddress, Network, NetworkListener } from './network.ts';
import { affordableConnections } from './open-files.ts';
import type { Surroundings } from './surroundings.ts';
import { openTcpServer, type TcpServer } from './tcp-server.ts';
import { Tls, type TlsIdentity } from './tls.ts';
import { openUdpSocket, type UdpSocket } from './udp-socket.ts';

/** One place to listen at. */
export type ListenAddress = {
  readonly transport: TransportName;
  /** A literal address, `0.0.0.0` or `::`; the latter hears IPv6 alone. */
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The address that neighbours are told, where it is another one. */
  readonly advertised?: string;
};

export type NetworkOptions = {
  readonly listen: readonly ListenAddress[];
  readonly limits?: Partial<NetworkLimits>;
  /** Without it nothing is said or heard over TLS. */
  readonly tls?: TlsIdentity;
  /** Told what an operator should know; the same trouble at most once in ten seconds. */
  readonly onTrouble?: (what: string, error: unknown) => void;
  /** A clock that never goes back, and an alarm of the platform: a test brings its own. */
  readonly monotonicMs?: () => number;
  readonly alarm?: (afterMs: number, ring: () => void) => () => void;
};

/** A network on real sockets. */
export type OpenNetwork = Network & {
  /** Where it listens, in the order asked for, with the ports the system chose. */
  readonly listening: readonly LocalAddress[];
  readonly metrics: Readonly<NetworkMetrics>;
  /** Closes every socket. What is sent afterwards fails. */
  close(): Promise<void>;
};

const SWEEP_MS = 1_000;
const QUIET_MS = 10_000;

/**
 * Opens UDP sockets and TCP servers. Rejects with the system's error (`EADDRINUSE`, `EACCES`, …) where one of them
 * cannot be bound or a certificate cannot be used, and leaves none open.
 */
export async function openNetwork(options: NetworkOptions): Promise<OpenNetwork> {
  const { monotonicMs = () => performance.now(), alarm = systemAlarm } = options;
  const metrics = newMetrics();
  let listener: NetworkListener | undefined;
  let isOpen = true;

  const onTrouble = quietly(monotonicMs, metrics, options.onTrouble);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connectionLimit = affordableConnections(limits.connections);
  if (connectionLimit < limits.connections) {
    onTrouble(`Open files are limited: there is room for ${connectionLimit} connections only`, undefined);
  }
  const around: Surroundings = {
    limits: { ...limits, connections: connectionLimit },
    metrics,
    monotonicMs,
    onTrouble,
    onMessage(bytes, from) {
      metrics.messagesIn += 1;
      // The last line of defence: no message may end the process, whatever it finds in the code behind.
      try {
        if (isOpen) listener?.onMessage(bytes, from);
      } catch (error) {
        onTrouble('A message has met a bug', error);
      }
    },
    onClosed(flow) {
      // Later, since a connection may end in the middle of a call of `send`.
      process.nextTick(() => {
        try {
          if (isOpen) listener?.onClosed(flow);
        } catch (error) {
          onTrouble('The end of a connection has met a bug', error);
        }
      });
    },
  };

  const tls = options.tls === undefined ? undefined : new Tls(options.tls);
  const connections = new Connections(around, tls);
  const sockets = await openAll(options.listen, around, connections);
  const bound = options.listen.map(
    (place, at): Listening => ({ ...place, port: sockets[at]?.port ?? place.port }),
  );
  const addresses = new LocalAddresses(bound);

  let stopSweeping = alarm(SWEEP_MS, sweep);
  function sweep(): void {
    connections.closeOverdue();
    addresses.forget();
    stopSweeping = alarm(SWEEP_MS, sweep);
  }

  return {
    metrics,
    listening: bound.map(({ transport, address, port }) => ({ transport, address, port })),
    listen(to) {
      listener = to;
    },
    send(bytes, to, onFailure) {
      const index = addresses.indexFor(to);
      const socket = sockets[index];
      if (isOpen && to.transport !== 'udp') connections.send(bytes, to, specific(bound[index]), onFailure);
      else if (socket !== undefined && 'send' in socket) socket.send(bytes, to, onFailure);
      else failLater(metrics, onFailure);
    },
    localAddress: (flow) => addresses.for(flow),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      stopSweeping();
      const closing = sockets.map((socket) => socket.close());
      connections.closeAll();
      await Promise.all(closing);
    },
  };
}

/** Opens all of them or none. */
async function openAll(
  places: readonly ListenAddress[],
  around: Surroundings,
  connections: Connections,
): Promise<(UdpSocket | TcpServer)[]> {
  const severalUdp = places.filter(({ transport }) => transport === 'udp').length > 1;
  const opened: (UdpSocket | TcpServer)[] = [];
  try {
    for (const [index, { transport, address, port }] of places.entries()) {
      opened.push(
        transport === 'udp'
          ? await openUdpSocket(address, port, around, severalUdp ? index : undefined)
          : await openTcpServer(address, port, around, (socket) => connections.accept(socket, transport)),
      );
    }
  } catch (error) {
    await Promise.all(opened.map((socket) => socket.close()));
    throw error;
  }
  return opened;
}

/** The address to connect from: the one we listen at, so that the neighbour knows us by it. */
function specific(listening: Listening | undefined): string | undefined {
  const address = listening?.address;
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

function failLater(metrics: NetworkMetrics, onFailure: () => void): void {
  metrics.sendFailures += 1;
  process.nextTick(onFailure);
}

/** Counts troubles, and tells each kind at most once in a while: an attack must not become a flood of log lines. */
function quietly(
  monotonicMs: () => number,
  metrics: NetworkMetrics,
  tell: NetworkOptions['onTrouble'],
): Surroundings['onTrouble'] {
  const toldMs = new Map<string, number>();
  return (what, error) => {
    metrics.troubles += 1;
    const last = toldMs.get(what);
    if (last !== undefined && monotonicMs() - last < QUIET_MS) return;
    toldMs.set(what, monotonicMs());
    tell?.(what, error);
  };
}

function systemAlarm(afterMs: number, ring: () => void): () => void {
  const timer = setTimeout(ring, afterMs).unref();
  return () => clearTimeout(timer);
}
