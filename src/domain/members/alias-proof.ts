import type { AliasKind } from './alias.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long a code can be used. */
export const CODE_TERM_MS = 15 * MINUTE_MS;

/** How often a code may be guessed wrongly: with six digits and five codes a day, one in 40 000 days. */
export const TRIES_OF_A_CODE = 5;

/** A claim that nobody proves is forgotten. */
export const CLAIM_TERM_MS = 30 * DAY_MS;

/** How often the record of a domain is looked for. */
export const RECORD_EVERY_MS = DAY_MS;

/** So many looks in a row without the record, and the domain leads to nobody any more. */
export const MOST_RECORDS_MISSING = 4;

/** The DNS may be out of order for longer, and says nothing of who has the domain. */
export const MOST_LOOKS_UNANSWERED = 14;

/** Numbers and addresses change hands: after half a year the member is asked again. */
export const CODE_PROOF_TERM_MS = 182 * DAY_MS;

/** How long the member has to prove it again, while it still leads to the member. */
export const GRACE_MS = 30 * DAY_MS;

/** How often the member is reminded meanwhile. */
export const REMIND_EVERY_MS = 7 * DAY_MS;

/** A code that was sent. */
export type SentCode = {
  /** Hash of the code with the alias's id; the code itself is not kept. */
  readonly hash: string;
  readonly expiresAtMs: number;
  readonly triesLeft: number;
};

/** Why a name leads to its member no more. */
export type LapseReason =
  /** The member was asked again and did not prove it. */
  | 'not-confirmed'
  /** The DNS has the record no more. */
  | 'record-missing'
  /** Somebody else proved that it is theirs now. */
  | 'proven-by-another';

/** How far it is proven that a name is the member's. */
export type AliasProof =
  | { readonly state: 'claimed'; readonly untilMs: number }
  /** A code was sent, or, without one, a record in the DNS is waited for. */
  | { readonly state: 'challenged'; readonly untilMs: number; readonly code?: SentCode }
  | { readonly state: 'proven'; readonly provenAtMs: number; readonly checkAtMs: number }
  | DueAgain
  | { readonly state: 'lapsed'; readonly lapsedAtMs: number; readonly reason: LapseReason }
  | { readonly state: 'removed' };

/** Still leads to the member, and will not for long unless it is proven again. */
type DueAgain = {
  readonly state: 'due-again';
  readonly provenAtMs: number;
  /** When the member is reminded, or the record is looked for. */
  readonly checkAtMs: number;
  /** When it lapses; absent for a domain, whose looks are counted. */
  readonly lapsesAtMs?: number;
  /** Looks in a row that found no record, and that got no answer. */
  readonly recordsMissing: number;
  readonly looksUnanswered: number;
  readonly code?: SentCode;
};

export type AliasInput =
  /** A code is sent with this hash. */
  | { readonly kind: 'code-sent'; readonly hash: string }
  /** The member was told what the DNS has to say. */
  | { readonly kind: 'record-asked' }
  /** The member gives a code; its hash. */
  | { readonly kind: 'code-given'; readonly hash: string }
  /** What the DNS said. */
  | { readonly kind: 'looked-up'; readonly record: 'there' | 'missing' | 'unanswered' }
  | { readonly kind: 'time' }
  /** Somebody else has proven the same name. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'remove' };

export type AliasEffect =
  /** From now on it leads to the member. */
  | { readonly kind: 'prove' }
  /** From now on it leads to nobody. */
  | { readonly kind: 'lapse' }
  /** The member is to prove it again. */
  | { readonly kind: 'remind' }
  /** The member is to know that it lapsed. */
  | { readonly kind: 'tell-lapsed'; readonly reason: LapseReason }
  /** The DNS is to be asked for the record. */
  | { readonly kind: 'look-up' }
  | {
      readonly kind: 'refuse';
      readonly code: 'alias-not-due' | 'code-expired' | 'code-wrong' | 'domain-record-missing';
      readonly triesLeft?: number;
    };

type Step = readonly [AliasProof, readonly AliasEffect[]];

/*
 * The proof that a name is a member's (R17, R19).
 *
 *   +---------+  code sent, or    +------------+  right code, or    +--------+
 *   | claimed |------------------>| challenged |------------------->| proven |<--------------+
 *   +---------+  record asked for +------------+  record is there   +--------+               |
 *        |                          |       ^                         |    |                 |
 *        | 30 days                  |       | code sent, or     half a year passed, or       |
 *        v                          v       | record asked for  the record is missing: remind|
 *   +---------+       30 days       |       |                         |    |      right code,|
 *   | removed |<--------------------+   +--------+                    v    |      or record  |
 *   +---------+                         | lapsed |<---------------+-----------+  is there    |
 *        ^                              +--------+  grace is over,| due-again |--------------+
 *        |                                  ^   or too many looks +-----------+
 *        |                                  |                               |
 *        | removed by the member,           +-------------------------------+
 *        | in any state                       proven by somebody else, also from proven
 *
 * Names lead to the member while proven and due-again. A wrong code takes a try, and the last try takes the code.
 */

/** Takes one step. An input that means nothing in a state changes nothing. */
export function stepProof(kind: AliasKind, proof: AliasProof, input: AliasInput, nowMs: number): Step {
  if (input.kind === 'remove') return removed(proof);
  switch (proof.state) {
    case 'claimed':
    case 'challenged':
      return stepUnproven(kind, proof, input, nowMs);
    case 'proven':
      return stepProven(kind, proof, input, nowMs);
    case 'due-again':
      return stepDueAgain(kind, proof, input, nowMs);
    case 'lapsed':
      return asksForProof(input) ? challenged(input, nowMs) : unchanged(proof, input);
    case 'removed':
      return [proof, []];
  }
}

/** Whether the name leads to the member. */
export function leadsToMember(proof: AliasProof): boolean {
  return proof.state === 'proven' || proof.state === 'due-again';
}

/** When time is the next input; undefined where it never changes anything. */
export function nextCheckAtMs(proof: AliasProof): number | undefined {
  switch (proof.state) {
    case 'claimed':
    case 'challenged':
      return proof.untilMs;
    case 'proven':
      return proof.checkAtMs;
    case 'due-again':
      return Math.min(proof.checkAtMs, proof.lapsesAtMs ?? Number.POSITIVE_INFINITY);
    default:
      return undefined;
  }
}

function stepUnproven(
  kind: AliasKind,
  proof: AliasProof & { readonly state: 'claimed' | 'challenged' },
  input: AliasInput,
  nowMs: number,
): Step {
  if (asksForProof(input)) return challenged(input, nowMs);
  if (input.kind === 'time') return nowMs >= proof.untilMs ? [{ state: 'removed' }, []] : [proof, []];
  if (input.kind === 'code-given') {
    const { code, refusal } = judgeCode('code' in proof ? proof.code : undefined, input.hash, nowMs);
    if (refusal === undefined) return proven(kind, nowMs, nowMs, [{ kind: 'prove' }]);
    return [{ state: proof.state, untilMs: proof.untilMs, ...code }, [refusal]];
  }
  if (input.kind === 'looked-up' && kind === 'domain') {
    if (input.record === 'there') return proven(kind, nowMs, nowMs, [{ kind: 'prove' }]);
    return [proof, [{ kind: 'refuse', code: 'domain-record-missing' }]];
  }
  return [proof, []];
}

function stepProven(
  kind: AliasKind,
  proof: AliasProof & { readonly state: 'proven' },
  input: AliasInput,
  nowMs: number,
): Step {
  const { provenAtMs } = proof;
  if (input.kind === 'superseded') return lapsed('proven-by-another', nowMs);
  if (input.kind === 'looked-up') {
    if (input.record === 'there') return proven(kind, provenAtMs, nowMs);
    return missed({ state: 'due-again', provenAtMs, checkAtMs: 0, ...NO_LOOKS }, input.record, nowMs);
  }
  if (input.kind !== 'time') return unchanged(proof, input);
  if (nowMs < proof.checkAtMs) return [proof, []];
  if (kind === 'domain') return [proof, [{ kind: 'look-up' }]];
  const checkAtMs = nowMs + REMIND_EVERY_MS;
  const due = { state: 'due-again' as const, provenAtMs, checkAtMs, lapsesAtMs: nowMs + GRACE_MS };
  return [{ ...due, ...NO_LOOKS }, [{ kind: 'remind' }]];
}

function stepDueAgain(kind: AliasKind, proof: DueAgain, input: AliasInput, nowMs: number): Step {
  switch (input.kind) {
    case 'superseded':
      return lapsed('proven-by-another', nowMs);
    case 'code-sent':
      return [{ ...proof, code: freshCode(input.hash, nowMs) }, []];
    case 'code-given': {
      const { code, refusal } = judgeCode(proof.code, input.hash, nowMs);
      if (refusal === undefined) return proven(kind, proof.provenAtMs, nowMs);
      const { code: _, ...rest } = proof;
      return [{ ...rest, ...code }, [refusal]];
    }
    case 'looked-up':
      return input.record === 'there'
        ? proven(kind, proof.provenAtMs, nowMs)
        : missed(proof, input.record, nowMs);
    case 'time':
      if (proof.lapsesAtMs !== undefined && nowMs >= proof.lapsesAtMs) return lapsed('not-confirmed', nowMs);
      if (nowMs < proof.checkAtMs) return [proof, []];
      if (kind === 'domain') return [proof, [{ kind: 'look-up' }]];
      return [{ ...proof, checkAtMs: nowMs + REMIND_EVERY_MS }, [{ kind: 'remind' }]];
    default:
      return [proof, []];
  }
}

const NO_LOOKS = { recordsMissing: 0, looksUnanswered: 0 };

/** A look without the record: the member is told of the first one. An unanswered look proves nothing either way. */
function missed(proof: DueAgain, record: 'missing' | 'unanswered', nowMs: number): Step {
  const recordsMissing = proof.recordsMissing + (record === 'missing' ? 1 : 0);
  const looksUnanswered = proof.looksUnanswered + (record === 'unanswered' ? 1 : 0);
  if (recordsMissing >= MOST_RECORDS_MISSING || looksUnanswered >= MOST_LOOKS_UNANSWERED) {
    return lapsed('record-missing', nowMs);
  }
  const isFirst = recordsMissing === 1 && record === 'missing';
  const next = { ...proof, recordsMissing, looksUnanswered, checkAtMs: nowMs + RECORD_EVERY_MS };
  return [next, isFirst ? [{ kind: 'remind' }] : []];
}

function proven(
  kind: AliasKind,
  provenAtMs: number,
  nowMs: number,
  effects: readonly AliasEffect[] = [],
): Step {
  const checkAtMs = nowMs + (kind === 'domain' ? RECORD_EVERY_MS : CODE_PROOF_TERM_MS);
  return [{ state: 'proven', provenAtMs, checkAtMs }, effects];
}

function lapsed(reason: LapseReason, nowMs: number): Step {
  const tell = { kind: 'tell-lapsed', reason } as const;
  // What somebody else has proven leads to them already.
  const effects = reason === 'proven-by-another' ? [tell] : [{ kind: 'lapse' } as const, tell];
  return [{ state: 'lapsed', lapsedAtMs: nowMs, reason }, effects];
}

function removed(proof: AliasProof): Step {
  return [{ state: 'removed' }, leadsToMember(proof) ? [{ kind: 'lapse' }] : []];
}

type ProofAsked = AliasInput & { readonly kind: 'code-sent' | 'record-asked' };

function asksForProof(input: AliasInput): input is ProofAsked {
  return input.kind === 'code-sent' || input.kind === 'record-asked';
}

function challenged(input: ProofAsked, nowMs: number): Step {
  const code = input.kind === 'code-sent' ? { code: freshCode(input.hash, nowMs) } : {};
  return [{ state: 'challenged', untilMs: nowMs + CLAIM_TERM_MS, ...code }, []];
}

/** What is proven, or lapsed, waits for no proof. */
function unchanged(proof: AliasProof, input: AliasInput): Step {
  if (input.kind === 'code-given' && proof.state === 'lapsed') {
    return [proof, [{ kind: 'refuse', code: 'code-expired' }]];
  }
  const isProof = asksForProof(input) || input.kind === 'code-given';
  return [proof, isProof ? [{ kind: 'refuse', code: 'alias-not-due' }] : []];
}

function freshCode(hash: string, nowMs: number): SentCode {
  return { hash, expiresAtMs: nowMs + CODE_TERM_MS, triesLeft: TRIES_OF_A_CODE };
}

/** @returns the code as it is left, and the refusal; without one the code was right */
function judgeCode(
  code: SentCode | undefined,
  hash: string,
  nowMs: number,
): { readonly code: { readonly code?: SentCode }; readonly refusal?: AliasEffect } {
  if (code === undefined || nowMs >= code.expiresAtMs) {
    return { code: {}, refusal: { kind: 'refuse', code: 'code-expired' } };
  }
  if (code.hash === hash) return { code: {} };
  const triesLeft = code.triesLeft - 1;
  return {
    code: triesLeft === 0 ? {} : { code: { ...code, triesLeft } },
    refusal: { kind: 'refuse', code: 'code-wrong', triesLeft },
  };
}
