import type { Flow, TransportName } from './flow.ts';

/** What a network tells its user. Messages are whole: a datagram, or what the framer cut out of a stream. */
export type NetworkListener = {
  onMessage(bytes: Buffer, from: Flow): void;
  /** A connection is gone, whoever closed it: what was waiting on it will not come. */
  onClosed(flow: Flow): void;
};

/** Sockets, or an imitation of them on a virtual clock: what the endpoint stands on. */
export type Network = {
  /** Hears everything from now on; called once, before anything arrives. */
  listen(listener: NetworkListener): void;
  /**
   * Sends a whole message: on the flow's connection where it still lives, else to its address, for TCP and TLS on a
   * new connection. Never throws.
   * @param onFailure called at most once, later, when the message could not be sent
   */
  send(bytes: Buffer, to: Flow, onFailure: () => void): void;
  /** Our own address as the neighbour at this flow sees it: the sent-by of Via, and the host of Contact. */
  localAddress(flow: Pick<Flow, 'transport' | 'address' | 'socket'>): LocalAddress;
};

export type LocalAddress = {
  readonly transport: TransportName;
  readonly address: string;
  readonly port: number;
};
