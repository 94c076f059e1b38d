/** The transports SIP is spoken over here. */
export type TransportName = 'udp' | 'tcp' | 'tls';

/** A way to a neighbour: where a message came from, and so where an answer or a later request goes. */
export type Flow = {
  readonly transport: TransportName;
  /** The far end: a literal IPv4 or IPv6 address without brackets, and its port. */
  readonly address: string;
  readonly port: number;
  /** The name that the far end's certificate must bear (TLS, RFC 5922 §4); its address where it has none. */
  readonly serverName?: string;
  /** The connection a message came on (TCP, TLS). It is used as long as it lives; afterwards a new one is opened. */
  readonly connection?: number;
  /** Which of several UDP sockets the message came to: the answer leaves from there (RFC 3581 §4). */
  readonly socket?: number;
};

/** The same way, whatever connection it takes. */
export function sameFarEnd(one: Flow, other: Flow): boolean {
  return (
    one.port === other.port &&
    one.address === other.address &&
    one.transport === other.transport &&
    one.serverName === other.serverName
  );
}

/** Whether a number can be a port to send to. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}

/** The flow as a person reads it: `udp 127.0.0.1:5060`. */
export function printFlow({ transport, address, port }: Flow): string {
  return `${transport} ${address.includes(':') ? `[${address}]` : address}:${port}`;
}
