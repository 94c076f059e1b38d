/** A SIP phone: registers, calls, is called, speaks and hears. */
export type { CallEvent, Ending } from './call/index.ts';
export { type CreatedPhone, createPhone, type PhoneOptions } from './create-phone.ts';
export {
  Phone,
  type PhoneEvent,
  type PhoneIdentity,
  type PhoneSurroundings,
  type RegisterOutcome,
} from './phone.ts';
export { type CallEnding, type CallMedia, type CallState, type Party, PhoneCall } from './phone-call.ts';
export { sentenceOfEnding, sentenceOfRegistration, sentenceOfStatus } from './sentences.ts';
export { readTarget, type Target } from './target.ts';
