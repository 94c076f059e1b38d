/** The exchange (VCE): from what was dialled to whom it reaches. */
export { ANSWERS, outcomeOfRefusal, type ResolveRefusalCode, type SipAnswer } from './answers.ts';
export {
  type Decision,
  type Destination,
  destinationText,
  explain,
  type OutwardDestination,
  type Resolution,
  type ResolveFacts,
  resolve,
} from './resolve.ts';
