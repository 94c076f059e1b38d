export {
  credentials,
  type RunningSipp,
  runSipp,
  type Scenario,
  type SippOptions,
  type SippReport,
  startSipp,
} from './run-sipp.ts';
