import { type ChargeTerms, needsMeter } from '../../billing/charging/index.ts';
import { isBounded } from '../../billing/ledger/index.ts';
import type { Attempt, Branch, TriedAttempt } from './attempt.ts';
import {
  type Asked,
  allOver,
  type BranchBeginning,
  branchesWithCredit,
  branchOf,
  creditRefused,
  creditReserved,
  currentAttempts,
  failed,
  nextWaiting,
  openBranches,
  priceAnnounced,
  rang,
  startBranch,
} from './branches.ts';
import { afterRinging, bestRefusal, type Outcome, statusOf } from './outcome.ts';

/*
 * A call from the offer to its end, whoever carries it (R12, R13).
 *
 *     offer to the first of every branch that begins at once, start the timers
 *                        |
 *                  +----------+   ringing: the caller hears it from the phones' own responses
 *                  |          |   branch due: offer to its first as well
 *                  |          |   a branch that costs something: reserve credit first, and offer when it is; where
 *                  |          |   the caller wants to know the price, announce it between, while no ring timer runs
 *                  | offering |   refused, for a reason that lies with the way: offer to the branch's next
 *                  |          |   refused, others left: wait for them, or begin the branch that waits
 *                  +----------+
 *        answered:   |      |   caller gave up, ring timer, 6xx, or all refused:
 *        cancel the  |      |   cancel the others, refuse the caller with the best refusal
 *        others      v      |
 *              +----------+ |
 *              | answered | |   answered by a second one at the same time: release it
 *              +----------+ |   transfer begun: the other side is kept if this one leaves
 *   hung up: the     |      |
 *   other side too   |      |
 *   transferred: the |      |
 *   one who did it   v      v
 *                  +----------+
 *                  |  ended   |   answered after all: release it
 *                  +----------+
 */

/** What is known when the call is offered; times in milliseconds since 1970. */
export type CallFacts = {
  readonly id: string;
  /** The member who calls; absent where a stranger calls in from another network. */
  readonly callerMemberId?: string;
  /** The terminal, where it is one of ours. */
  readonly callerTerminalId?: string;
  /** The trunk the call came in by. */
  readonly callerTrunk?: string;
  /** As the caller's phone sent it. */
  readonly dialled: string;
  /** The canonical text of the number it was read as. */
  readonly calledNumber?: string;
  /** What the callee sees of the caller. */
  readonly callerNumber?: string;
  /** What the leg on which the call came in is charged by, where it is answered (R23). */
  readonly charges?: readonly ChargeTerms[];
  readonly startedAtMs: number;
};

type Offering = {
  readonly phase: 'offering';
  readonly facts: CallFacts;
  readonly asked: Asked;
  readonly refusals: readonly Outcome[];
  readonly ringingAtMs?: number;
};

type Answered = {
  readonly phase: 'answered';
  readonly facts: CallFacts;
  readonly attempt: Attempt;
  readonly tried: readonly TriedAttempt[];
  readonly ringingAtMs?: number;
  readonly answeredAtMs: number;
  /** Legs that came out of other calls, and what they are charged by (R23). */
  readonly kept?: readonly KeptLeg[];
  /** The side that is sending the other one elsewhere: when it leaves, the other waits for its new call. */
  readonly transferringSide?: CallSide;
};

type Ended = {
  readonly phase: 'ended';
  readonly facts: CallFacts;
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed' | 'cancelled';
  /** Who answered. */
  readonly attempt?: Attempt;
  /** The ways to other networks that were tried, in order. */
  readonly tried: readonly TriedAttempt[];
  readonly ringingAtMs?: number;
  readonly answeredAtMs?: number;
  readonly kept?: readonly KeptLeg[];
  readonly endedAtMs: number;
  readonly hungUpBy: CallSide | 'exchange';
  readonly outcome: Outcome;
};

/** A phone that was in another call before, as by a transfer, and goes on costing what it did. */
export type KeptLeg = { readonly side: CallSide; readonly charges: readonly ChargeTerms[] };

export type Call = Offering | Answered | Ended;

export type CallSide = 'caller' | 'callee';

export type CallEvent =
  | { readonly kind: 'ringing'; readonly attemptId: string }
  | { readonly kind: 'answered'; readonly attemptId: string }
  | { readonly kind: 'refused'; readonly attemptId: string; readonly outcome: Outcome }
  | { readonly kind: 'caller-gave-up' }
  | { readonly kind: 'ring-timer' }
  /** The others have rung alone for long enough. */
  | { readonly kind: 'branch-due'; readonly branchId: string }
  /** The caller has credit for what is to ring, and it is kept back. */
  | { readonly kind: 'credit-reserved'; readonly branchId: string }
  | { readonly kind: 'credit-refused'; readonly branchId: string; readonly outcome: Outcome }
  /** The caller was told what the branch costs, or could not be told. */
  | { readonly kind: 'price-announced'; readonly branchId: string }
  /** One side ended the conversation; `exchange` where a side was found dead or the service ends it. */
  | { readonly kind: 'hung-up'; readonly by: CallSide | 'exchange'; readonly outcome?: Outcome }
  /** A side sends the other elsewhere, which may fail, or be done: then the other belongs to another call. */
  | { readonly kind: 'transfer-begun'; readonly by: CallSide }
  | { readonly kind: 'leg-kept'; readonly leg: KeptLeg }
  | { readonly kind: 'transfer-failed' }
  | { readonly kind: 'transfer-done'; readonly by: CallSide };

export type CancelReason = 'answered-elsewhere' | 'refused-elsewhere' | 'caller-gave-up' | 'no-answer';

export type CallEffect =
  | { readonly kind: 'offer'; readonly attempt: Attempt }
  /** Credit is to be kept back before the branch rings (R23). */
  | { readonly kind: 'reserve'; readonly branchId: string; readonly terms: ChargeTerms }
  /** The caller is to be told what the branch costs before it rings (R23). */
  | { readonly kind: 'announce'; readonly branchId: string; readonly terms: ChargeTerms }
  /** The credit of the branch is used up from now on, until the call ends. */
  | { readonly kind: 'start-meter'; readonly branchId: string }
  /** The credit of a leg that came out of another call is used up from now on. */
  | { readonly kind: 'meter-kept'; readonly terms: ChargeTerms }
  /** What was kept back for the branch is free again. */
  | { readonly kind: 'free-credit'; readonly branchId: string }
  | { readonly kind: 'cancel'; readonly attemptId: string; readonly reason: CancelReason }
  /** Two answered at once: this one came second and is hung up. */
  | { readonly kind: 'release'; readonly attemptId: string }
  /** To be done when the record of the answer is kept: no answered call shall be lost in a crash. */
  | { readonly kind: 'answer-caller'; readonly attemptId: string }
  | { readonly kind: 'refuse-caller'; readonly outcome: Outcome }
  | { readonly kind: 'hang-up'; readonly side: CallSide; readonly outcome: Outcome }
  /** Begins the time in which somebody has to answer, or begins it anew. */
  | { readonly kind: 'start-ring-timer' }
  /** Nobody is expected to answer while a voice speaks; branches begin when they are due all the same. */
  | { readonly kind: 'hold-ring-timer' }
  | { readonly kind: 'start-branch-timer'; readonly branchId: string; readonly delayMs: number }
  /** The ring timer and those of all branches. */
  | { readonly kind: 'stop-ring-timer' }
  /** The call's record has something new that must be kept. */
  | { readonly kind: 'keep-record' };

type Step = [Call, CallEffect[]];

/** Nobody answered in time (Q.850 cause 19: no answer from user, user alerted). */
const NO_ANSWER: Outcome = { sipStatus: 480, q850Cause: 19 };
/** No phone is registered (Q.850 cause 20: subscriber absent). */
const NOBODY_THERE: Outcome = { sipStatus: 480, q850Cause: 20 };
/** The caller hung up before an answer. */
const GIVEN_UP: Outcome = { sipStatus: 487, q850Cause: 16 };
/** Q.850 cause 16: normal call clearing. */
const NORMAL: Outcome = { sipStatus: 200, q850Cause: 16 };

const NOTHING_ASKED: Asked = { branches: [], tried: [] };

/** Offers a call to all branches. Where there is none, it ends at once. */
export function startCall(facts: CallFacts, branches: readonly Branch[]): Step {
  const asked: Asked = { branches: openBranches(branches), tried: [] };
  const offering: Offering = { phase: 'offering', facts, asked, refusals: [] };
  if (branches.length === 0) return refuse(offering, NOBODY_THERE, 'exchange', facts.startedAtMs);
  const timers = asked.branches
    .filter(({ delayMs }) => delayMs > 0)
    .map(({ id, delayMs }): CallEffect => ({ kind: 'start-branch-timer', branchId: id, delayMs }));
  let started = offering;
  const offers: CallEffect[] = [];
  for (const { id, delayMs } of asked.branches) {
    if (delayMs > 0) continue;
    const [next, effects] = begin(started, id, facts.startedAtMs);
    started = next;
    offers.push(...effects);
  }
  const [next, effects] = beginWaiting(started, facts.startedAtMs);
  return [next, [{ kind: 'start-ring-timer' }, ...timers, ...offers, ...effects]];
}

/** A call that was refused before any phone was asked: its record is kept all the same. */
export function refuseCall(facts: CallFacts, outcome: Outcome): Step {
  const offering: Offering = { phase: 'offering', facts, asked: NOTHING_ASKED, refusals: [] };
  return refuse(offering, outcome, 'exchange', facts.startedAtMs);
}

/** The next state and what is to be done. An event that means nothing in a state changes nothing. */
export function stepCall(call: Call, event: CallEvent, nowMs: number): Step {
  switch (call.phase) {
    case 'offering':
      return whileOffering(call, event, nowMs);
    case 'answered':
      return whileAnswered(call, event, nowMs);
    case 'ended':
      return event.kind === 'answered'
        ? [call, [{ kind: 'release', attemptId: event.attemptId }]]
        : [call, []];
  }
}

function whileOffering(call: Offering, event: CallEvent, nowMs: number): Step {
  switch (event.kind) {
    case 'ringing': {
      const asked = rang(call.asked, event.attemptId, nowMs);
      return [{ ...call, asked, ringingAtMs: call.ringingAtMs ?? nowMs }, []];
    }
    case 'answered':
      return answer(call, event.attemptId, nowMs);
    case 'refused':
      return attemptRefused(call, event.attemptId, event.outcome, nowMs);
    case 'branch-due':
      return begin(call, event.branchId, nowMs);
    case 'credit-reserved': {
      const [asked, beginning] = creditReserved(call.asked, event.branchId, nowMs);
      return [{ ...call, asked }, effectsOf(beginning)];
    }
    case 'credit-refused':
      return creditMissing(call, event.branchId, event.outcome, nowMs);
    case 'price-announced':
      return announced(call, event.branchId, nowMs);
    case 'caller-gave-up':
      return end(call, GIVEN_UP, 'caller', 'caller-gave-up', nowMs);
    case 'ring-timer':
      return end(call, NO_ANSWER, 'exchange', 'no-answer', nowMs);
    case 'hung-up':
      return end(call, event.outcome ?? GIVEN_UP, event.by, 'caller-gave-up', nowMs);
    case 'transfer-begun':
    case 'transfer-failed':
    case 'transfer-done':
    case 'leg-kept':
      return [call, []];
  }
}

function begin(call: Offering, branchId: string, nowMs: number): [Offering, CallEffect[]] {
  const [asked, beginning] = startBranch(call.asked, branchId, nowMs);
  return [{ ...call, asked }, effectsOf(beginning)];
}

function effectsOf(beginning: BranchBeginning | undefined): CallEffect[] {
  if (beginning === undefined) return [];
  return beginning.kind === 'announce' ? [{ kind: 'hold-ring-timer' }, beginning] : [beginning];
}

/** Ringing begins after the announcement, and with it the time that there is for it. */
function announced(call: Offering, branchId: string, nowMs: number): Step {
  const [asked, beginning] = priceAnnounced(call.asked, branchId, nowMs);
  if (beginning === undefined) return [call, []];
  return [{ ...call, asked }, [{ kind: 'start-ring-timer' }, ...effectsOf(beginning)]];
}

/** Nobody of the branch was asked: the others ring on, and where there are none the caller hears why. */
function creditMissing(call: Offering, branchId: string, outcome: Outcome, nowMs: number): Step {
  const asked = creditRefused(call.asked, branchId);
  if (asked === undefined) return [call, []];
  return branchOver({ ...call, asked, refusals: [...call.refusals, outcome] }, outcome, 'exchange', nowMs);
}

/** Nobody is asked at the moment: whoever was to be asked later is asked now. */
function beginWaiting(call: Offering, nowMs: number): [Offering, CallEffect[]] {
  const waiting = nextWaiting(call.asked);
  return waiting === undefined ? [call, []] : begin(call, waiting.id, nowMs);
}

function answer(call: Offering, attemptId: string, nowMs: number): Step {
  const { facts, asked, ringingAtMs } = call;
  const current = currentAttempts(asked);
  const attempt = current.find(({ id }) => id === attemptId);
  if (attempt === undefined) return [call, [{ kind: 'release', attemptId }]];
  const others = current.filter(({ id }) => id !== attemptId);
  const branch = branchOf(asked, attemptId);
  // A way that costs the caller nothing needs no credit, though others of its branch would have.
  const isMetered = branch?.credit === 'reserved' && attempt.charges?.some(({ kind }) => kind === 'sale');
  const unused = branchesWithCredit(asked).filter(({ id }) => !isMetered || id !== branch?.id);
  const tried = allOver(asked.tried, nowMs, attemptId);
  const ringing = ringingAtMs === undefined ? {} : { ringingAtMs };
  return [
    { phase: 'answered', facts, attempt, tried, ...ringing, answeredAtMs: nowMs },
    [
      { kind: 'stop-ring-timer' },
      { kind: 'answer-caller', attemptId },
      ...(isMetered && branch !== undefined ? [{ kind: 'start-meter' as const, branchId: branch.id }] : []),
      ...cancels(others, 'answered-elsewhere'),
      ...freed(unused),
    ],
  ];
}

/** A 6xx speaks for the callee and not for one phone: it ends the fork (RFC 3261 §16.7, step 5). */
function attemptRefused(call: Offering, attemptId: string, refusal: Outcome, nowMs: number): Step {
  const branch = branchOf(call.asked, attemptId);
  if (branch === undefined) return [call, []];
  const outcome = branch.rang ? afterRinging(refusal) : refusal;
  const [asked, next] = failed(call.asked, branch, outcome, nowMs);
  if (next !== undefined) return [{ ...call, asked }, [{ kind: 'offer', attempt: next }]];
  const refused: Offering = { ...call, asked, refusals: [...call.refusals, outcome] };
  const [over, effects] = branchOver(refused, outcome, 'callee', nowMs);
  return [over, [...freed(branch.credit === 'reserved' ? [branch] : []), ...effects]];
}

function branchOver(call: Offering, outcome: Outcome, by: CallSide | 'exchange', nowMs: number): Step {
  if (outcome.sipStatus >= 600) return end(call, outcome, by, 'refused-elsewhere', nowMs);
  if (call.asked.branches.length > 0) return beginWaiting(call, nowMs);
  return end(call, bestRefusal(call.refusals), by, 'refused-elsewhere', nowMs);
}

function freed(branches: readonly { readonly id: string }[]): CallEffect[] {
  return branches.map(({ id }) => ({ kind: 'free-credit', branchId: id }));
}

function end(
  call: Offering,
  outcome: Outcome,
  by: CallSide | 'exchange',
  reason: CancelReason,
  nowMs: number,
): Step {
  const [ended, effects] = refuse(call, outcome, by, nowMs);
  const asked = cancels(currentAttempts(call.asked), reason);
  const credit = freed(branchesWithCredit(call.asked));
  return [ended, [{ kind: 'stop-ring-timer' }, ...asked, ...credit, ...effects]];
}

function refuse(call: Offering, outcome: Outcome, hungUpBy: Ended['hungUpBy'], nowMs: number): Step {
  const { facts, asked, ringingAtMs } = call;
  const ringing = ringingAtMs === undefined ? {} : { ringingAtMs };
  const status = statusOf(outcome, hungUpBy === 'caller');
  const tried = allOver(asked.tried, nowMs);
  return [
    { phase: 'ended', facts, status, tried, ...ringing, endedAtMs: nowMs, hungUpBy, outcome },
    [{ kind: 'refuse-caller', outcome }, { kind: 'keep-record' }],
  ];
}

function whileAnswered(call: Answered, event: CallEvent, nowMs: number): Step {
  switch (event.kind) {
    case 'answered':
      return [
        call,
        event.attemptId === call.attempt.id ? [] : [{ kind: 'release', attemptId: event.attemptId }],
      ];
    case 'hung-up':
      return hangUp(call, event.by, event.outcome ?? NORMAL, nowMs);
    case 'transfer-begun':
      return [{ ...call, transferringSide: event.by }, []];
    case 'leg-kept':
      return keepLeg(call, event.leg);
    case 'transfer-failed': {
      const { transferringSide: _, ...others } = call;
      return [others, []];
    }
    case 'transfer-done':
      return finish(call, event.by, NORMAL, [event.by], nowMs);
    // The caller's CANCEL crossed the answer: it has no effect on an answered call (RFC 3261 §9.2).
    case 'caller-gave-up':
    case 'ringing':
    case 'refused':
    case 'ring-timer':
    case 'branch-due':
    case 'credit-reserved':
    case 'credit-refused':
    case 'price-announced':
      return [call, []];
  }
}

function keepLeg(call: Answered, leg: KeptLeg): Step {
  if (leg.charges.length === 0) return [call, []];
  const metered = leg.charges.filter(({ kind, account, rate }) => {
    return kind === 'sale' && isBounded(account) && needsMeter(rate);
  });
  return [
    { ...call, kept: [...(call.kept ?? []), leg] },
    [{ kind: 'keep-record' }, ...metered.map((terms): CallEffect => ({ kind: 'meter-kept', terms }))],
  ];
}

/** What the phone on a side is charged by, wherever it came from; nothing where nobody answered. */
export function chargesOfSide(call: Call, side: CallSide): readonly ChargeTerms[] {
  if (call.phase === 'offering' || call.attempt === undefined) return [];
  const own = side === 'callee' ? call.attempt.charges : call.facts.charges;
  const kept = (call.kept ?? []).filter((leg) => leg.side === side).flatMap(({ charges }) => charges);
  return [...(own ?? []), ...kept];
}

function hangUp(call: Answered, by: CallSide | 'exchange', outcome: Outcome, nowMs: number): Step {
  if (by === 'exchange') return finish(call, by, outcome, ['caller', 'callee'], nowMs);
  return finish(call, by, outcome, by === call.transferringSide ? [] : [otherSide(by)], nowMs);
}

function finish(
  { facts, attempt, tried, ringingAtMs, answeredAtMs, kept }: Answered,
  hungUpBy: CallSide | 'exchange',
  outcome: Outcome,
  toHangUp: readonly CallSide[],
  nowMs: number,
): Step {
  const ringing = ringingAtMs === undefined ? {} : { ringingAtMs };
  const hangUps = toHangUp.map((side): CallEffect => ({ kind: 'hang-up', side, outcome }));
  return [
    {
      phase: 'ended',
      facts,
      status: 'completed',
      attempt,
      tried: allOver(tried, nowMs),
      ...ringing,
      answeredAtMs,
      ...(kept === undefined ? {} : { kept }),
      endedAtMs: nowMs,
      hungUpBy,
      outcome,
    },
    [...hangUps, { kind: 'keep-record' }],
  ];
}

function otherSide(side: CallSide): CallSide {
  return side === 'caller' ? 'callee' : 'caller';
}

function cancels(attempts: readonly Attempt[], reason: CancelReason): CallEffect[] {
  return attempts.map(({ id }) => ({ kind: 'cancel', attemptId: id, reason }));
}
