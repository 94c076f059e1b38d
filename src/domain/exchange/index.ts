/** The exchange (VCE): from what was dialled to whom it reaches. */
export { ANSWERS, type ResolveRefusalCode, type SipAnswer } from './answers.ts';
export {
  type Decision,
  type Destination,
  explain,
  type Resolution,
  type ResolveFacts,
  resolve,
} from './resolve.ts';
