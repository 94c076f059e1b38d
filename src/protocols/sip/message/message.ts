/**
 * One header field. `name` is the canonical long form of a known header (`Call-ID` for `i`), so that it can
 * be compared with `===`; an unknown header keeps the name it came with. `value` is the text as received,
 * unfolded and trimmed, and not split at commas.
 */
export type HeaderField = { readonly name: string; readonly value: string };

/** A SIP request (RFC 3261 §7.1). Typed values are decoded from `headers` only where they are used. */
export type SipRequest = {
  readonly kind: 'request';
  readonly method: string;
  /** The Request-URI as written. */
  readonly uri: string;
  /** In order of appearance, which matters for Via, Route and Record-Route. */
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
};

/** A SIP response (RFC 3261 §7.2). */
export type SipResponse = {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
};

export type SipMessage = SipRequest | SipResponse;
