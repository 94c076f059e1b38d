/** The way to a phone that registered: where it sends from, and so where it is reached. */
export type BindingFlow = {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly port: number;
  /** The connection it registered on (TCP, TLS); it does not outlive a restart of either side. */
  readonly connection?: number;
};

/** One place where a terminal can be reached (RFC 3261 §10.2.1). Several phones may share a terminal's account. */
export type Binding = {
  /** The Contact URI as the phone wrote it: the Request-URI of calls to it. */
  readonly contact: string;
  readonly flow: BindingFlow;
  /** Of the REGISTER that made it: a later one with the same Call-ID has a higher CSeq (RFC 3261 §10.3). */
  readonly callId: string;
  readonly cseq: number;
  /** 0 … 1000, 1000 where the phone says nothing (RFC 3261 §20.10, q times 1000). */
  readonly priority: number;
  readonly expiresAtMs: number;
  /**
   * Which device it is, where the phone says so (RFC 5626 §4.1): its next contact takes the place of this one.
   * A store may forget it; the old contact then lives until it expires.
   */
  readonly instance?: string;
};

/** The bindings that have not expired. */
export function liveBindings(bindings: readonly Binding[], nowMs: number): readonly Binding[] {
  return bindings.every((binding) => binding.expiresAtMs > nowMs)
    ? bindings
    : bindings.filter((binding) => binding.expiresAtMs > nowMs);
}

/** The bindings without a connection that is gone: their phones are reached by address, if at all. */
export function withoutConnection(bindings: readonly Binding[], connection?: number): readonly Binding[] {
  return bindings.map((binding) => {
    const { connection: own, ...flow } = binding.flow;
    const isGone = own !== undefined && (connection === undefined || own === connection);
    return isGone ? { ...binding, flow } : binding;
  });
}
