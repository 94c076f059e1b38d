/** The HTTP face: the API under /v1, its documentation, and the health of the service. */
export type {
  AliasShown,
  AvailableNumberShown,
  BlockShown,
  BranchShown,
  CallShown,
  CallTraceShown,
  CarrierRouteShown,
  ConfigurationChangeShown,
  DepositShown,
  DocumentListed,
  ExplanationShown,
  FollowMeShown,
  MemberOverviewShown,
  MemberShown,
  NetworkPartShown,
  NumberFormatExplanationShown,
  NumberRangeShown,
  OrderShown,
  RegistrationShown,
  ServiceNumberShown,
  TerminalShown,
  TerminalWithPasswordShown,
  TrunkStateShown,
  WebhookDeliveryShown,
  WebhookShown,
  WebhookWithSecretShown,
} from './answers.ts';
export type { FacePorts } from './face.ts';
export { type Problem, problemSchema, STATUS_OF_REFUSAL } from './problem.ts';
export { createHttpServer, type HttpServerOptions } from './server.ts';
