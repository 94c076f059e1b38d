/** Communication centres, the trunks that lead out of them, and which of them a call takes (R1, R14, R15). */
export type { CarrierRoute } from './carrier-route.ts';
export { type CarrierMatch, CarrierTable } from './carrier-table.ts';
export type { Centre, CentreCode, CentreRun, ServiceState } from './centre.ts';
export { Channels } from './channels.ts';
export { type CentreVerdict, chooseCentres } from './choose-centre.ts';
export { type FailedAttempt, mayTryNext } from './failover.ts';
export {
  calledAsItIs,
  calledFor,
  callingFor,
  checkNumberFormat,
  type FormatStep,
  readCalled,
  readCalling,
} from './format-number.ts';
export { type GatewayHealth, type HealthInput, startHealth, stepHealth } from './gateway-health.ts';
export { CentreNetwork, type NetworkParts } from './network.ts';
export type { Operator } from './operator.ts';
export { type PrefixRate, PrefixTable } from './prefix-table.ts';
export {
  type OutwardRoute,
  type RouteDecision,
  type RouteFacts,
  type RouteRefusalCode,
  type RouteWish,
  routesOut,
} from './route-call.ts';
export { overlaps, readSourceRange, type SourceRange, SourceRanges } from './source-range.ts';
export {
  type Gateway,
  type HealthCheck,
  type NumberForm,
  type NumberFormat,
  type NumberRule,
  SIP_PORTS,
  type Trunk,
  type TrunkCredentials,
  type TrunkInbound,
  type TrunkKind,
  type TrunkRegistration,
} from './trunk.ts';
export { inOrder, type Weighted } from './weighted.ts';
