import { accept, type Result, refuse } from '../refusal/index.ts';
import { anniversary } from './anniversary.ts';
import {
  type CurrentTerm,
  type DueTerm,
  type EndedTerm,
  type GraceTerm,
  type LapsedTerm,
  REMINDER_DAYS,
  type ReminderDays,
  type Term,
  type TermEffect,
  type TermInput,
  type TermNotice,
} from './term.ts';

const DAY_MS = 24 * 3_600_000;

/** How long a number stays with its member after its time, or after the bill where that came later. */
export const GRACE_MS = 30 * DAY_MS;

/*
 * The years of a number that somebody holds (R24).
 *
 *   bought      30 days before its end: a bill            its end
 *   +---------+ is made, a reminder       +-----+  a last reminder    +-------+
 *   | current |-------------------------->| due |-------------------->| grace |
 *   +---------+                           +-----+                     +-------+
 *     ^   ^ ^                 7 and 1 days |   |                       |     |
 *     |   | |                 before: ^----+   | the bill is paid, or  |     | 30 days later: the number
 *     |   | |                 reminders        | it is taken from      |     | is taken out of service
 *     |   | +----------------------------------+ credit: one year more |     v
 *     |   +------------------------------------------------------------+  +--------+
 *     |   the bill is paid while the number rests: it is given again      | lapsed |
 *     +-------------------------------------------------------------------+--------+
 *                                                                          |
 *            +-------+   the number rests no longer: others may buy it     |
 *            | ended |<----------------------------------------------------+
 *            +-------+   or, from any state, it was given back
 *
 * Another year begins where the last one ends, whenever it is paid.
 */

export type TermRefusalCode = 'bill-closed';

type Step = Result<[Term, TermEffect[]], TermRefusalCode>;
type Input<Kind extends TermInput['kind']> = Extract<TermInput, { readonly kind: Kind }>;
type HeldTerm = CurrentTerm | DueTerm | GraceTerm;

/** The term that begins when a number is bought. */
export function firstTerm(
  order: { readonly orderId: string; readonly memberId: string; readonly startedAtMs: number },
  paidUntilMs: number,
): CurrentTerm {
  return { ...order, state: 'current', years: 1, paidUntilMs, mode: 'by-bill', revision: 0 };
}

/** When something has to be done about a term; undefined where never again. */
export function nextMoveAtMs(term: Term): number | undefined {
  if (term.notice !== undefined) return 0;
  switch (term.state) {
    case 'current':
      return term.paidUntilMs - REMINDER_DAYS[0] * DAY_MS;
    case 'due': {
      const next = REMINDER_DAYS.find((days) => days < term.remindedDays);
      return term.paidUntilMs - (next ?? 0) * DAY_MS;
    }
    case 'grace':
      return term.graceUntilMs;
    case 'lapsed':
      return term.quarantineUntilMs;
    case 'ended':
      return undefined;
  }
}

/**
 * The next state and what is kept along with it. An input that changes nothing any more is accepted without effects
 * and gives the term as it was.
 * @param quarantineMs how long a number rests that nobody pays for
 * @returns refused with `bill-closed` where a bill is paid for a number that is gone
 */
export function stepTerm(term: Term, input: TermInput, quarantineMs: number): Step {
  if (input.kind === 'told') return told(term, input.notice);
  switch (term.state) {
    case 'current':
    case 'due':
    case 'grace':
      return stepHeld(term, input, quarantineMs);
    case 'lapsed':
      return stepLapsed(term, input);
    case 'ended':
      return input.kind === 'bill-paid' ? gone() : unchanged(term);
  }
}

function stepHeld(term: HeldTerm, input: TermInput, quarantineMs: number): Step {
  switch (input.kind) {
    case 'time':
      if (!isMoveDue(term, input.nowMs)) return unchanged(term);
      if (term.state === 'grace') return lapse(term, input.nowMs, quarantineMs);
      return term.state === 'current' ? becomeDue(term, input) : remind(term, input.nowMs);
    case 'credit-offered':
      if (!isMoveDue(term, input.nowMs)) return unchanged(term);
      return renewed(term, input.timeZone, 'renewed', [
        { kind: 'take-credit', billId: input.billId, amount: input.price },
      ]);
    case 'bill-paid':
      return renewed(term, input.timeZone, 'renewed', []);
    case 'payment-undone':
      return takeBack(term, input);
    case 'given-back':
      return next(ended(term, input.nowMs), billEnd(term));
    case 'mode-set':
      return term.mode === input.mode ? unchanged(term) : next({ ...term, mode: input.mode }, []);
    case 'told':
      return unchanged(term);
  }
}

function stepLapsed(term: LapsedTerm, input: TermInput): Step {
  switch (input.kind) {
    case 'time':
      return input.nowMs < term.quarantineUntilMs ? unchanged(term) : next(ended(term, input.nowMs), []);
    case 'bill-paid':
      if (input.nowMs >= term.quarantineUntilMs) return gone();
      return renewed(term, input.timeZone, 'restored', [{ kind: 'give-number-again' }]);
    case 'mode-set':
      return term.mode === input.mode ? unchanged(term) : next({ ...term, mode: input.mode }, []);
    case 'credit-offered':
    case 'payment-undone':
    case 'given-back':
    case 'told':
      return unchanged(term);
  }
}

/** Whether a reminder, or the next state, is due; what is to be told does not count. */
export function isMoveDue({ notice: _, ...term }: Term, nowMs: number): boolean {
  const atMs = nextMoveAtMs(term as Term);
  return atMs !== undefined && nowMs >= atMs;
}

function becomeDue(term: CurrentTerm, { nowMs, price, billId, timeZone }: Input<'time'>): Step {
  if (price.micros === 0n) return renewed(term, timeZone, 'renewed', []);
  const due: DueTerm = {
    ...term,
    state: 'due',
    billId,
    billedAtMs: nowMs,
    remindedDays: reminderAt(term, nowMs),
    notice: 'due',
  };
  const dueAtMs = Math.max(nowMs, term.paidUntilMs);
  return next(due, [
    { kind: 'ask', billId, amount: price, dueAtMs },
    { kind: 'tell', event: 'renewal-due' },
  ]);
}

function remind(term: DueTerm, nowMs: number): Step {
  const tell: TermEffect = { kind: 'tell', event: 'renewal-due' };
  if (nowMs < term.paidUntilMs) {
    return next({ ...term, remindedDays: reminderAt(term, nowMs), notice: 'due' }, [tell]);
  }
  const { remindedDays: _, ...asked } = term;
  // Nobody loses a number sooner after the bill than others do, however late the bill was.
  const graceUntilMs = Math.max(term.paidUntilMs, term.billedAtMs) + GRACE_MS;
  return next({ ...asked, state: 'grace', graceUntilMs, notice: 'grace' }, [tell]);
}

/** The reminder that is due: the nearest, where several are. */
function reminderAt({ paidUntilMs }: Term, nowMs: number): ReminderDays {
  return REMINDER_DAYS.findLast((days) => nowMs >= paidUntilMs - days * DAY_MS) ?? REMINDER_DAYS[0];
}

function lapse({ graceUntilMs: _, ...term }: GraceTerm, nowMs: number, quarantineMs: number): Step {
  const quarantineUntilMs = nowMs + quarantineMs;
  return next({ ...term, state: 'lapsed', lapsedAtMs: nowMs, quarantineUntilMs, notice: 'lapsed' }, [
    { kind: 'take-number' },
    { kind: 'limit-bill', billId: term.billId, untilMs: quarantineUntilMs },
    { kind: 'tell', event: 'lapsed' },
  ]);
}

function renewed(
  term: Exclude<Term, EndedTerm>,
  timeZone: string,
  notice: TermNotice,
  effects: readonly TermEffect[],
): Step {
  const years = term.years + 1;
  const paidUntilMs = anniversary(term.startedAtMs, years, timeZone);
  return next({ ...keptOf(term), state: 'current', years, paidUntilMs, notice }, [
    ...effects,
    { kind: 'tell', event: 'renewed' },
  ]);
}

/** The year that was paid for last is not paid for any more; what is asked for meanwhile stays asked for. */
function takeBack(term: HeldTerm, { timeZone }: Input<'payment-undone'>): Step {
  const years = term.years - 1;
  // The first year came with the purchase: whoever undoes that takes the number back.
  if (years < 1) return unchanged(term);
  return next({ ...term, years, paidUntilMs: anniversary(term.startedAtMs, years, timeZone) }, []);
}

function ended(term: Term, endedAtMs: number): EndedTerm {
  return { ...keptOf(term), state: 'ended', endedAtMs };
}

function billEnd(term: HeldTerm): TermEffect[] {
  return term.state === 'current' ? [] : [{ kind: 'cancel-bill', billId: term.billId }];
}

function told(term: Term, notice: TermNotice): Step {
  if (term.notice !== notice) return unchanged(term);
  const { notice: _, ...quiet } = term;
  return next(quiet as Term, []);
}

/** What stays of a term whatever becomes of it. */
function keptOf({ orderId, memberId, startedAtMs, years, paidUntilMs, mode, revision }: Term) {
  return { orderId, memberId, startedAtMs, years, paidUntilMs, mode, revision };
}

function next(term: Term, effects: readonly TermEffect[]): Step {
  return accept([{ ...term, revision: term.revision + 1 }, [...effects]]);
}

function unchanged(term: Term): Step {
  return accept([term, []]);
}

function gone(): Step {
  return refuse('bill-closed', 'The number is not the member’s any more, and cannot be given again.');
}
