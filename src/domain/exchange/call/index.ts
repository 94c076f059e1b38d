export type { Attempt, Branch, CalledParty, TriedAttempt } from './attempt.ts';
export {
  type Call,
  type CallEffect,
  type CallEvent,
  type CallFacts,
  type CallSide,
  type CancelReason,
  chargesOfSide,
  type KeptLeg,
  refuseCall,
  startCall,
  stepCall,
} from './call.ts';
export { bestRefusal, type Outcome, outcomeOfPhone, statusOf } from './outcome.ts';
