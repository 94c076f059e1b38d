export type { EndpointUser, IncomingRequest, OutgoingRequest, ResponseListener } from './endpoint-user.ts';
