/*
 * Whether somebody seems to be guessing passwords: one value for each source of wrong answers, and one for each
 * user they were given for.
 *
 *                 wrong answer
 *      +-------+              +---------+  wrong answers reach the limit   +---------+
 *      | clear |------------->| watched |--------------------------------->| blocked |---+ wrong answer (from
 *      |       |<-------------|         |<---------------------------------|         |<--+ elsewhere): no change
 *      +-------+  quiet for   +---------+   the block has run out          +---------+
 *          ^      forgetAfterMs                                                 |
 *          +--------------------------------------------------------------------+
 *                       lifted by the operator (also from watched)
 *
 * A block lasts twice as long as the one before, up to a limit. A right answer clears nothing: a guesser with an
 * account of his own could clear himself between two guesses.
 */

type Clear = { readonly state: 'clear' };
type Watched = {
  readonly state: 'watched';
  /** Wrong answers since the last block. */
  readonly wrongAnswers: number;
  readonly blocks: number;
  readonly lastWrongAtMs: number;
};
type Blocked = {
  readonly state: 'blocked';
  readonly blocks: number;
  readonly sinceMs: number;
  readonly untilMs: number;
};

export type Suspicion = Clear | Watched | Blocked;

export type SuspicionInput = { readonly kind: 'wrong-answer' | 'time' | 'lifted' };
export type SuspicionEffect = { readonly kind: 'blocked'; readonly untilMs: number };

export type SuspicionPolicy = {
  readonly allowedWrongAnswers: number;
  readonly firstBlockMs: number;
  readonly longestBlockMs: number;
  /** How long after its last wrong answer or block somebody is clear again. */
  readonly forgetAfterMs: number;
};

type Step = [Suspicion, SuspicionEffect[]];

export const CLEAR: Suspicion = { state: 'clear' };

/** The next state at `nowMs`, and what is to be told. Every input sees first what time has done. */
export function stepSuspicion(
  suspicion: Suspicion,
  input: SuspicionInput,
  nowMs: number,
  policy: SuspicionPolicy,
): Step {
  if (input.kind === 'lifted') return [CLEAR, []];
  const present = afterTime(suspicion, nowMs, policy);
  if (input.kind === 'time' || present.state === 'blocked') return [present, []];
  const blocks = present.state === 'watched' ? present.blocks : 0;
  const wrongAnswers = present.state === 'watched' ? present.wrongAnswers + 1 : 1;
  if (wrongAnswers < policy.allowedWrongAnswers) {
    return [{ state: 'watched', wrongAnswers, blocks, lastWrongAtMs: nowMs }, []];
  }
  const untilMs = nowMs + Math.min(policy.firstBlockMs * 2 ** blocks, policy.longestBlockMs);
  return [{ state: 'blocked', blocks: blocks + 1, sinceMs: nowMs, untilMs }, [{ kind: 'blocked', untilMs }]];
}

function afterTime(suspicion: Suspicion, nowMs: number, policy: SuspicionPolicy): Suspicion {
  switch (suspicion.state) {
    case 'clear':
      return suspicion;
    case 'watched':
      return nowMs - suspicion.lastWrongAtMs < policy.forgetAfterMs ? suspicion : CLEAR;
    case 'blocked': {
      const { blocks, untilMs } = suspicion;
      if (nowMs < untilMs) return suspicion;
      const watched: Watched = { state: 'watched', wrongAnswers: 0, blocks, lastWrongAtMs: untilMs };
      return afterTime(watched, nowMs, policy);
    }
  }
}
