/** What one side may take of us. Every figure can be set; the defaults suit a server of some ten thousand phones. */
export type NetworkLimits = {
  /** Of each UDP socket, in both directions. The kernel caps it at `net.core.rmem_max`. */
  readonly socketBufferBytes: number;
  /** TCP connections in all, whoever opened them. */
  readonly connections: number;
  /** TCP connections of one IPv4 address, or of one IPv6 /64, which is what one customer is given. */
  readonly connectionsPerSource: number;
  /** How long an accepted connection may live before its first whole message. */
  readonly firstMessageMs: number;
  /** How long one message may take from its first byte to its last. */
  readonly messageMs: number;
  /**
   * How long a connection may rest with nothing heard and nothing sent. Longer than a registration, since a phone
   * is reached on the connection it registered on and not every phone pings.
   */
  readonly idleMs: number;
  readonly connectMs: number;
  /** Bytes that wait for a far end that reads slowly, or that is still being connected to. */
  readonly waitingBytes: number;
  /** How long bytes may wait without any of them being taken. */
  readonly stalledMs: number;
};

export const DEFAULT_LIMITS: NetworkLimits = {
  socketBufferBytes: 4 * 1024 * 1024,
  connections: 10_000,
  connectionsPerSource: 1_000,
  firstMessageMs: 10_000,
  messageMs: 10_000,
  idleMs: 3_900_000,
  connectMs: 5_000,
  waitingBytes: 1024 * 1024,
  stalledMs: 30_000,
};
