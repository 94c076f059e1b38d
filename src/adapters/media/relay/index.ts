/** Relays the sound of calls in this process. */
export { isBehindNat, isReachable } from './address.ts';
export { EmbeddedRelays, type EmbeddedRelaysOptions } from './embedded-relays.ts';
export { type Agreed, Negotiation, otherSide } from './negotiation.ts';
export { ViewedSession } from './viewed-session.ts';
