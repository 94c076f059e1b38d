/** For how long numbers are their members', and what becomes of those that nobody pays for (R24). */
export { anniversary } from './anniversary.ts';
export { firstTerm, GRACE_MS, isMoveDue, nextMoveAtMs, stepTerm, type TermRefusalCode } from './step-term.ts';
export {
  type CurrentTerm,
  type DueTerm,
  type EndedTerm,
  type GraceTerm,
  type LapsedTerm,
  REMINDER_DAYS,
  RENEWAL_MODES,
  type ReminderDays,
  type RenewalMode,
  TERM_STATES,
  type Term,
  type TermEffect,
  type TermEvent,
  type TermInput,
  type TermNotice,
  type TermState,
} from './term.ts';
