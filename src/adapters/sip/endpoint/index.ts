export { type EndpointOptions, type Observer, SipEndpoint } from './endpoint.ts';
export type { EndpointUser, IncomingRequest, OutgoingRequest, ResponseListener } from './endpoint-user.ts';
export { TimedMachine } from './timed-machine.ts';
export { printHost } from './via-stamp.ts';
