/** SIP transactions (RFC 3261 §17, RFC 6026): values with a pure step, without sockets or clocks. */
export { ackForFailure } from './ack.ts';
export { cancelFor } from './cancel.ts';
export type { ClientInput, ServerInput, TransactionEffect, TransactionInput } from './effect.ts';
export { type InviteClient, startInviteClient, stepInviteClient } from './invite-client.ts';
export { type InviteServer, startInviteServer, stepInviteServer } from './invite-server.ts';
export { cancelledTransactionKey, clientTransactionKey, serverTransactionKey } from './key.ts';
export { type NonInviteClient, startNonInviteClient, stepNonInviteClient } from './non-invite-client.ts';
export { type NonInviteServer, startNonInviteServer, stepNonInviteServer } from './non-invite-server.ts';
export { DEFAULT_TIMERS, type PathOptions, type TimerName, type Timers } from './timers.ts';
