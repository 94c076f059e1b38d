/** Relays the sound of calls in this process. */
export { isBehindNat } from './address.ts';
export { EmbeddedRelays, type EmbeddedRelaysOptions } from './embedded-relays.ts';
export { type Agreed, Negotiation, otherSide, RELAY_CLOSED } from './negotiation.ts';
export { ViewedSession } from './viewed-session.ts';
