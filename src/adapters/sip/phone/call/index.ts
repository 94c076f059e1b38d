/** A call of the phone's as a value with a pure step. */
export type {
  Call,
  CallCommand,
  CallEffect,
  CallEvent,
  CallInput,
  CallSetting,
  CallStep,
  CallTimer,
  Ending,
  Side,
} from './call.ts';
export { type Placing, placeCall } from './calling.ts';
export { ownsRequest, referToReplacing } from './matching.ts';
export { ALLOW, respond, USER_AGENT } from './messages.ts';
export { receiveCall } from './ringing.ts';
export type { SoundTerms } from './sound-terms.ts';
export { stepCall } from './step.ts';
