export { inboundSecrets, openDesk, REALM, type StandingDesk } from './standing-desk.ts';
export { gatewayAt, networkOf, trunkNamed } from './trunk-world.ts';
