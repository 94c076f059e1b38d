export { Api, ApiRefusal, type ShownAttempt, type ShownCall } from './api.ts';
export { type CentreOptions, CentreProcess, createOperator } from './centres.ts';
export { creditOf, expectSoundLedger, giveCredit, publishTariff, standingOf } from './charging.ts';
export { INSPECTABLE, inspectorUrlOf, liveMegabytes } from './live-memory.ts';
export { databaseOf, type NetworkWorld, type ProvenName, proveNames, setUpNetwork } from './network.ts';
export { Service, type ServiceOptions } from './service.ts';
export {
  addIndividual,
  addTerminal,
  buildWorld,
  type EnterpriseInWorld,
  type IndividualInWorld,
  openSale,
  orderNumber,
  payOrder,
  registerMember,
  sellNumber,
  type TerminalAccess,
  type World,
} from './world.ts';
