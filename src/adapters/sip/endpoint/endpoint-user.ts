import type { SipRequest, SipResponse } from '../../../protocols/sip/message/index.ts';
import type { Flow } from '../network/index.ts';

/** A request that arrived, with its server transaction behind it. */
export type IncomingRequest = {
  /** Its top Via already says where the answer goes (`received`, `rport`: RFC 3581 §4). */
  readonly request: SipRequest;
  readonly source: Flow;
  /** Answers through the transaction: provisional responses of an INVITE, and one final one. */
  respond(response: SipResponse): void;
  /** Set by whoever serves an INVITE: called once when a CANCEL came for it, which is already answered with 200. */
  onCancel?: (cancel: SipRequest) => void;
};

/** Who serves what arrives. Neither ACKs for failures nor retransmissions nor CANCELs come here. */
export type EndpointUser = {
  onRequest(incoming: IncomingRequest): void;
  /** The ACK for a 2xx, which belongs to no transaction. */
  onAck(ack: SipRequest, source: Flow): void;
  /** A connection is gone. */
  onClosed(flow: Flow): void;
};

/** What comes of a request that was sent; exactly one of a final response, `onTimeout` and `onUnreachable`. */
export type ResponseListener = {
  /** Provisional and final responses, and of an INVITE every 2xx, also repeated ones. */
  onResponse(response: SipResponse, source: Flow): void;
  /** Nobody answered in 64·T1 (timers B and F), to be treated as 408. */
  onTimeout(): void;
  /** The transport failed, to be treated as 503. */
  onUnreachable(): void;
};

/** A request that was sent. */
export type OutgoingRequest = {
  /** As sent, with our Via. */
  readonly request: SipRequest;
  /**
   * Gives an INVITE up (RFC 3261 §9.1): the CANCEL goes out as soon as a provisional response is there. The final
   * response still comes to the listener.
   * @param reason a Reason header value, e.g. `SIP;cause=200`
   */
  cancel(reason?: string): void;
};
