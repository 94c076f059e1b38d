export { type Flow, printFlow, sameFarEnd, type TransportName } from './flow.ts';
export type { LocalAddress, Network, NetworkListener } from './network.ts';
