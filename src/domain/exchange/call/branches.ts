import type { ChargeTerms } from '../../billing/charging/index.ts';
import { mayTryNext } from '../../centres/index.ts';
import type { Attempt, Branch, TriedAttempt } from './attempt.ts';
import type { Outcome } from './outcome.ts';

/** A branch that has not refused: its current attempt is the first one left. */
export type OpenBranch = {
  readonly id: string;
  readonly attempts: readonly Attempt[];
  readonly delayMs: number;
  readonly isStarted: boolean;
  /** What credit is needed for, until it is asked for; then whether it was kept back, and the caller told what for. */
  readonly credit: ChargeTerms | 'asked' | 'announcing' | 'reserved' | 'free';
  /** The price that the caller is told before it rings, where that is wished. */
  readonly announced?: ChargeTerms;
  readonly rang: boolean;
  readonly tried404: boolean;
};

/** What a call has asked, and whom it may still ask. */
export type Asked = {
  readonly branches: readonly OpenBranch[];
  /** Attempts outside of our own terminals, in the order they were made. */
  readonly tried: readonly TriedAttempt[];
};

export function openBranches(branches: readonly Branch[]): readonly OpenBranch[] {
  return branches.map(
    ({ attempts, delayMs, credit, announcesPrice }, at): OpenBranch => ({
      id: String(at),
      attempts,
      delayMs,
      isStarted: false,
      credit: credit ?? 'free',
      ...(announcesPrice === true && credit !== undefined ? { announced: credit } : {}),
      rang: false,
      tried404: false,
    }),
  );
}

/** The attempts that are under way. */
export function currentAttempts({ branches }: Asked): Attempt[] {
  return branches.flatMap((branch) => {
    const [current] = branch.attempts;
    return isRinging(branch) && current !== undefined ? [current] : [];
  });
}

/** The branch whose current attempt this is. */
export function branchOf({ branches }: Asked, attemptId: string): OpenBranch | undefined {
  return branches.find((branch) => isRinging(branch) && branch.attempts[0]?.id === attemptId);
}

/** Whether its current attempt is under way: it has begun, and waits for no credit and no announcement. */
function isRinging({ isStarted, credit }: OpenBranch): boolean {
  return isStarted && credit !== 'asked' && credit !== 'announcing';
}

/** The branches for which credit is kept back, or asked for. */
export function branchesWithCredit({ branches }: Asked): OpenBranch[] {
  return branches.filter(
    ({ credit }) => credit === 'asked' || credit === 'announcing' || credit === 'reserved',
  );
}

/** What the beginning of a branch needs: an attempt that is to be offered, or before it credit, and a caller who knows. */
export type BranchBeginning =
  | { readonly kind: 'offer'; readonly attempt: Attempt }
  | { readonly kind: 'reserve' | 'announce'; readonly branchId: string; readonly terms: ChargeTerms };

/** Begins a branch. */
export function startBranch(
  asked: Asked,
  branchId: string,
  nowMs: number,
): [Asked, BranchBeginning | undefined] {
  const branch = asked.branches.find(({ id }) => id === branchId);
  if (branch === undefined || branch.isStarted) return [asked, undefined];
  if (typeof branch.credit === 'string') return ring(asked, { ...branch, isStarted: true }, nowMs);
  const waiting: OpenBranch = { ...branch, isStarted: true, credit: 'asked' };
  return [
    { ...asked, branches: replaced(asked.branches, waiting) },
    { kind: 'reserve', branchId, terms: branch.credit },
  ];
}

/** Goes on with a branch for which credit is kept back now: it rings, or the caller is told the price first. */
export function creditReserved(
  asked: Asked,
  branchId: string,
  nowMs: number,
): [Asked, BranchBeginning | undefined] {
  const branch = asked.branches.find(({ id }) => id === branchId);
  if (branch?.credit !== 'asked') return [asked, undefined];
  const { announced } = branch;
  if (announced === undefined) return ring(asked, { ...branch, credit: 'reserved' }, nowMs);
  return [
    { ...asked, branches: replaced(asked.branches, { ...branch, credit: 'announcing' }) },
    { kind: 'announce', branchId, terms: announced },
  ];
}

/** Goes on with a branch whose price the caller was told. */
export function priceAnnounced(
  asked: Asked,
  branchId: string,
  nowMs: number,
): [Asked, BranchBeginning | undefined] {
  const branch = asked.branches.find(({ id }) => id === branchId);
  if (branch?.credit !== 'announcing') return [asked, undefined];
  return ring(asked, { ...branch, credit: 'reserved' }, nowMs);
}

/** Gives up a branch for which there is no credit. @returns undefined where none was asked for */
export function creditRefused(asked: Asked, branchId: string): Asked | undefined {
  const branch = asked.branches.find(({ id }) => id === branchId);
  if (branch?.credit !== 'asked') return undefined;
  return { ...asked, branches: asked.branches.filter(({ id }) => id !== branchId) };
}

function ring(asked: Asked, branch: OpenBranch, nowMs: number): [Asked, BranchBeginning | undefined] {
  const [attempt] = branch.attempts;
  if (attempt === undefined) return [asked, undefined];
  return [
    { branches: replaced(asked.branches, branch), tried: begun(asked.tried, attempt, nowMs) },
    { kind: 'offer', attempt },
  ];
}

/** The branch that would begin next, where none is under way. */
export function nextWaiting({ branches }: Asked): OpenBranch | undefined {
  if (branches.some(({ isStarted }) => isStarted)) return undefined;
  return branches.reduce<OpenBranch | undefined>(
    (first, branch) => (first === undefined || branch.delayMs < first.delayMs ? branch : first),
    undefined,
  );
}

export function rang(asked: Asked, attemptId: string, nowMs: number): Asked {
  const branch = branchOf(asked, attemptId);
  if (branch === undefined || branch.rang) return asked;
  return {
    branches: replaced(asked.branches, { ...branch, rang: true }),
    tried: asked.tried.map((each) =>
      each.attempt.id === attemptId ? { ...each, ringingAtMs: nowMs } : each,
    ),
  };
}

/**
 * The current attempt of a branch has failed. Where the reason lies with the way and not with the callee, the next
 * way is tried (ADR 0380); else the branch is over.
 * @returns the next attempt, where there is one
 */
export function failed(
  asked: Asked,
  branch: OpenBranch,
  outcome: Outcome,
  nowMs: number,
): [Asked, Attempt | undefined] {
  const [current, next] = branch.attempts;
  const tried = asked.tried.map((each) =>
    each.attempt.id === current?.id ? { ...each, endedAtMs: nowMs, outcome } : each,
  );
  const verdict = {
    ...outcome,
    silent: outcome.silent === true,
    rang: branch.rang,
    tried404: branch.tried404,
  };
  const goesOn = next !== undefined && mayTryNext(verdict, { after404: current?.asksNextAfter404 === true });
  if (!goesOn) return [{ branches: asked.branches.filter(({ id }) => id !== branch.id), tried }, undefined];
  const tried404 = branch.tried404 || outcome.sipStatus === 404;
  const onward = { ...branch, attempts: branch.attempts.slice(1), rang: false, tried404 };
  return [{ branches: replaced(asked.branches, onward), tried: begun(tried, next, nowMs) }, next];
}

/** Those that were still under way have ended now, save the one that was answered. */
export function allOver(
  tried: readonly TriedAttempt[],
  nowMs: number,
  answeredId?: string,
): readonly TriedAttempt[] {
  return tried.map((each) =>
    each.endedAtMs === undefined && each.attempt.id !== answeredId ? { ...each, endedAtMs: nowMs } : each,
  );
}

/** Our own terminals leave no trace here: who answered is all there is to say of them. */
function begun(tried: readonly TriedAttempt[], attempt: Attempt, nowMs: number): readonly TriedAttempt[] {
  const { kind } = attempt.party;
  return kind === 'terminal' || kind === 'voice' ? tried : [...tried, { attempt, startedAtMs: nowMs }];
}

function replaced(branches: readonly OpenBranch[], branch: OpenBranch): readonly OpenBranch[] {
  return branches.map((each) => (each.id === branch.id ? branch : each));
}
