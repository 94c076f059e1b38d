/** Communication centres, the trunks that lead out of them, and which of them a call takes (R1, R14, R15). */
export type { CarrierRoute } from './carrier-route.ts';
export type { Centre, CentreCode, CentreRun, ServiceState } from './centre.ts';
export type { Operator } from './operator.ts';
export type {
  Gateway,
  HealthCheck,
  NumberForm,
  NumberFormat,
  NumberRule,
  Trunk,
  TrunkCredentials,
  TrunkInbound,
  TrunkKind,
  TrunkRegistration,
} from './trunk.ts';
