/** Counters since the start; `connections` is how many there are now. */
export type NetworkMetrics = {
  messagesIn: number;
  /** Over TCP, also what became no message. */
  bytesReceived: number;
  messagesOut: number;
  /** Messages that could not be sent. */
  sendFailures: number;
  /** Blank datagrams and pings between messages, which keep a NAT's mapping open. */
  keepAlives: number;
  connections: number;
  connectionsAccepted: number;
  connectionsOpened: number;
  /** Turned away at the door, because there are too many. */
  connectionsRefused: number;
  /** Closed although they live, to make room for a newcomer: they had never sent a whole message. */
  connectionsDisplaced: number;
  /** Closed because they were idle, too slow, or spoke no SIP. */
  connectionsExpelled: number;
  /** What an operator has to look after: failed accepts, socket errors, bugs of the listener. */
  troubles: number;
};

export function newMetrics(): NetworkMetrics {
  return {
    messagesIn: 0,
    bytesReceived: 0,
    messagesOut: 0,
    sendFailures: 0,
    keepAlives: 0,
    connections: 0,
    connectionsAccepted: 0,
    connectionsOpened: 0,
    connectionsRefused: 0,
    connectionsDisplaced: 0,
    connectionsExpelled: 0,
    troubles: 0,
  };
}
