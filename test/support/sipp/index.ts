export { type Carrier, type CarrierOptions, startCarrier } from './carrier.ts';
export type { CarrierAnswer, CarrierManner } from './carrier-scenario.ts';
export { untilListening } from './listening.ts';
export type { ArrivedCall } from './message-file.ts';
export { callFromPstn, type PstnCallOptions, type PstnCallReport } from './pstn-caller.ts';
export {
  credentials,
  type RunningSipp,
  runSipp,
  type Scenario,
  type SippOptions,
  type SippReport,
  startSipp,
} from './run-sipp.ts';
