/** What a user agent does beyond transactions and dialogs to set up, change and time a session: pure values. */
export {
  type AcceptedInvite,
  type AcceptedInviteEffect,
  type AcceptedInviteInput,
  startAcceptedInvite,
  stepAcceptedInvite,
} from './accepted-invite.ts';
export {
  type GlareVerdict,
  glareDelayMs,
  judgeRequest,
  mayInvite,
  mayOffer,
  retryAfterSeconds,
} from './glare.ts';
export { NO_SESSION, type OfferAnswer, observe, type Side } from './offer-answer.ts';
export { judgeProvisional, type ProvisionalVerdict } from './prack.ts';
export { type Rack, rackFor, rackOf, rseqOf } from './rack.ts';
export {
  type ProvisionalEffect,
  type ProvisionalInput,
  type ReliableProvisionals,
  reliabilityOf,
  reliableProvisionals,
  stepReliableProvisionals,
} from './reliable-provisional.ts';
export { describesSession } from './session-description.ts';
export { minSeOf, type Refresher, type SessionExpires, sessionExpiresOf } from './session-expires.ts';
export {
  type SessionTimer,
  type SessionTimerEffect,
  type SessionTimerInput,
  startSessionTimer,
  stepSessionTimer,
} from './session-timer.ts';
export {
  answerSessionTimer,
  policyAfter422,
  type SessionTimerAnswer,
  type SessionTimerPolicy,
  type SessionTimerTerms,
  sessionTimerOffer,
  sessionTimerTerms,
} from './session-timer-negotiation.ts';
