/** What the services need of the world; each port is fulfilled by an adapter. */
export type { CallRecord, CallRecordFilter, CallRecordStore, CallStatus } from './call-records.ts';
export type { Clock, StopTimer, Timers } from './clock.ts';
export type {
  BranchFact,
  Bus,
  DirectoryChange,
  DirectoryStore,
  NumberInService,
  TerminalFact,
} from './directory.ts';
export type {
  CallTraces,
  ExplainedDecision,
  Explanation,
  Explanations,
  RegisteredPhone,
  RegistrationsView,
  TracedMessage,
} from './exchange.ts';
export type { RegistrationStore, TerminalBindings } from './registrations.ts';
