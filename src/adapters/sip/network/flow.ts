/** The transports SIP is spoken over here. */
export type TransportName = 'udp' | 'tcp';

/** A way to a neighbour: where a message came from, and so where an answer or a later request goes. */
export type Flow = {
  readonly transport: TransportName;
  /** The far end: a literal IPv4 or IPv6 address without brackets, and its port. */
  readonly address: string;
  readonly port: number;
  /** The connection a message came on (TCP). It is used as long as it lives; afterwards a new one is opened. */
  readonly connection?: number;
};

/** The same way, whatever connection it takes. */
export function sameFarEnd(one: Flow, other: Flow): boolean {
  return one.port === other.port && one.address === other.address && one.transport === other.transport;
}

/** The flow as a person reads it: `udp 127.0.0.1:5060`. */
export function printFlow({ transport, address, port }: Flow): string {
  return `${transport} ${address.includes(':') ? `[${address}]` : address}:${port}`;
}
