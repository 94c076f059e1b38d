/** SIP dialogs (RFC 3261 §12): values, and the requests that are sent and received within them. */
export { confirmDialog, type Dialog, dialogOfUac, dialogOfUas, refreshTarget } from './dialog.ts';
export { dialogKey, dialogKeyOfRequest, dialogKeyOfResponse } from './matching.ts';
export { type ReceivedWithin, receiveWithin } from './receive-within.ts';
export { ackWithin, inviteBehind, type RequestParts, requestWithin } from './request-within.ts';
export { nextHopOf } from './route.ts';
