/** The way to a phone that registered: where it sends from, and so where it is reached. */
export type BindingFlow = {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** The connection it registered on (TCP); it does not outlive a restart of either side. */
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
};
