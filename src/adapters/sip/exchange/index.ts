/** The call exchange on SIP: legs, calls, transfers, and who serves what arrives. */
export type { ExchangeContext } from './context.ts';
export { claimsErrand, errandOf } from './errands.ts';
export { type Authenticate, type ExchangeOptions, SipExchange } from './exchange.ts';
export { LegTable } from './leg-table.ts';
export type { Connect } from './offer.ts';
export type { OutwardLine } from './outward-line.ts';
export { gatewayPlace } from './reach.ts';
export type { MediaContext, RelayPolicy } from './relayed.ts';
export type { VoiceContext } from './voice.ts';
