import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AliasKind } from './alias.ts';
import {
  type AliasEffect,
  type AliasInput,
  type AliasProof,
  CLAIM_TERM_MS,
  CODE_PROOF_TERM_MS,
  CODE_TERM_MS,
  GRACE_MS,
  leadsToMember,
  MOST_LOOKS_UNANSWERED,
  MOST_RECORDS_MISSING,
  nextCheckAtMs,
  REMIND_EVERY_MS,
  stepProof,
  TRIES_OF_A_CODE,
} from './alias-proof.ts';

const CLAIMED: AliasProof = { state: 'claimed', untilMs: CLAIM_TERM_MS };
const CODE = { kind: 'code-sent', hash: 'right' } as const;
const RIGHT = { kind: 'code-given', hash: 'right' } as const;
const WRONG = { kind: 'code-given', hash: 'wrong' } as const;
const TIME = { kind: 'time' } as const;
const MISSING = { kind: 'looked-up', record: 'missing' } as const;
const UNANSWERED = { kind: 'looked-up', record: 'unanswered' } as const;
const THERE = { kind: 'looked-up', record: 'there' } as const;

/** The state after inputs at these times, and all effects. */
function stepped(
  kind: AliasKind,
  inputs: readonly (readonly [AliasInput, number])[],
  from: AliasProof = CLAIMED,
): { proof: AliasProof; effects: readonly AliasEffect[] } {
  let proof = from;
  const effects: AliasEffect[] = [];
  for (const [input, atMs] of inputs) {
    const [next, made] = stepProof(kind, proof, input, atMs);
    proof = next;
    effects.push(...made);
  }
  return { proof, effects };
}

function proven(kind: AliasKind): AliasProof {
  const inputs: [AliasInput, number][] =
    kind === 'domain'
      ? [
          [{ kind: 'record-asked' }, 0],
          [THERE, 0],
        ]
      : [
          [CODE, 0],
          [RIGHT, 0],
        ];
  return stepped(kind, inputs).proof;
}

describe('R17, R19: the proof that a name is a member’s', () => {
  it('is given by the code that was sent, within its time', () => {
    const { proof, effects } = stepped('email', [
      [CODE, 0],
      [RIGHT, CODE_TERM_MS - 1],
    ]);
    expect([proof.state, effects]).toEqual(['proven', [{ kind: 'prove' }]]);
    const late = stepped('email', [
      [CODE, 0],
      [RIGHT, CODE_TERM_MS],
    ]);
    expect([late.proof.state, late.effects]).toEqual([
      'challenged',
      [{ kind: 'refuse', code: 'code-expired' }],
    ]);
  });

  it('takes as many wrong codes as there are tries; then the right one is worth nothing', () => {
    const wrong = Array.from({ length: TRIES_OF_A_CODE }, () => [WRONG, 1] as const);
    const { proof, effects } = stepped('pstn', [[CODE, 0], ...wrong, [RIGHT, 1]]);
    expect(leadsToMember(proof)).toBe(false);
    expect(effects.map((effect) => 'triesLeft' in effect && effect.triesLeft)).toEqual([
      4,
      3,
      2,
      1,
      0,
      false,
    ]);
    expect(effects.at(-1)).toEqual({ kind: 'refuse', code: 'code-expired' });
  });

  it('knows only the last code', () => {
    const { effects } = stepped('email', [
      [CODE, 0],
      [{ kind: 'code-sent', hash: 'newer' }, 1],
      [RIGHT, 2],
    ]);
    expect(effects).toEqual([{ kind: 'refuse', code: 'code-wrong', triesLeft: 4 }]);
  });

  it('is forgotten where nobody gives it', () => {
    expect(
      stepped('email', [
        [CODE, 5],
        [TIME, CLAIM_TERM_MS + 4],
      ]).proof.state,
    ).toBe('challenged');
    expect(
      stepped('email', [
        [CODE, 5],
        [TIME, CLAIM_TERM_MS + 5],
      ]),
    ).toEqual({ proof: { state: 'removed' }, effects: [] });
  });

  it('is asked for again after half a year, with reminders, and lapses after the grace', () => {
    const due = stepped(
      'pstn',
      [
        [TIME, CODE_PROOF_TERM_MS - 1],
        [TIME, CODE_PROOF_TERM_MS],
      ],
      proven('pstn'),
    );
    expect([due.proof.state, leadsToMember(due.proof), due.effects]).toEqual([
      'due-again',
      true,
      [{ kind: 'remind' }],
    ]);
    const reminders = [1, 2, 3, 4].map(
      (week) => [TIME, CODE_PROOF_TERM_MS + week * REMIND_EVERY_MS] as const,
    );
    const reminded = stepped('pstn', reminders, due.proof);
    expect([reminded.proof.state, reminded.effects]).toEqual([
      'due-again',
      Array(4).fill({ kind: 'remind' }),
    ]);
    const lapsed = stepped('pstn', [[TIME, CODE_PROOF_TERM_MS + GRACE_MS]], reminded.proof);
    expect(lapsed.proof).toMatchObject({ state: 'lapsed', reason: 'not-confirmed' });
    expect(lapsed.effects.map(({ kind }) => kind)).toEqual(['lapse', 'tell-lapsed']);
  });

  it('is given again by a new code, without the exchange noticing', () => {
    const atMs = CODE_PROOF_TERM_MS + 1;
    const { proof, effects } = stepped(
      'email',
      [
        [TIME, atMs],
        [CODE, atMs],
        [RIGHT, atMs + 1],
      ],
      proven('email'),
    );
    expect(proof).toEqual({ state: 'proven', provenAtMs: 0, checkAtMs: atMs + 1 + CODE_PROOF_TERM_MS });
    expect(effects).toEqual([{ kind: 'remind' }]);
  });

  it('of a domain is looked for daily, and lapses after several looks without the record', () => {
    const look = stepped('domain', [[TIME, nextCheckAtMs(proven('domain')) ?? 0]], proven('domain'));
    expect([look.proof.state, look.effects]).toEqual(['proven', [{ kind: 'look-up' }]]);
    const almost = Array.from({ length: MOST_RECORDS_MISSING - 1 }, (_, day) => [MISSING, day] as const);
    const due = stepped('domain', almost, proven('domain'));
    expect([due.proof.state, due.effects]).toEqual(['due-again', [{ kind: 'remind' }]]);
    expect(stepped('domain', [[THERE, 9]], due.proof).proof.state).toBe('proven');
    const lapsed = stepped('domain', [[MISSING, 9]], due.proof);
    expect(lapsed.proof).toMatchObject({ state: 'lapsed', reason: 'record-missing' });
  });

  it('of a domain outlives a DNS that is out of order for some days', () => {
    const silence = Array.from({ length: MOST_LOOKS_UNANSWERED - 1 }, (_, day) => [UNANSWERED, day] as const);
    const due = stepped('domain', silence, proven('domain'));
    expect([due.proof.state, due.effects]).toEqual(['due-again', []]);
    expect(stepped('domain', [[UNANSWERED, 99]], due.proof).proof.state).toBe('lapsed');
  });

  it('of one lapses by that of another, and can be given anew', () => {
    const { proof, effects } = stepped('pstn', [[{ kind: 'superseded' }, 7]], proven('pstn'));
    expect(proof).toEqual({ state: 'lapsed', lapsedAtMs: 7, reason: 'proven-by-another' });
    expect(effects).toEqual([{ kind: 'tell-lapsed', reason: 'proven-by-another' }]);
    expect(
      stepped(
        'pstn',
        [
          [CODE, 8],
          [RIGHT, 9],
        ],
        proof,
      ).proof.state,
    ).toBe('proven');
  });

  it('leads to the member from `prove` to `lapse` or supersession, in any order of inputs', () => {
    const inputs: fc.Arbitrary<AliasInput> = fc.constantFrom<AliasInput>(
      CODE,
      RIGHT,
      WRONG,
      TIME,
      THERE,
      MISSING,
      UNANSWERED,
      { kind: 'record-asked' },
      { kind: 'superseded' },
      { kind: 'remove' },
    );
    const steps = fc.array(fc.tuple(inputs, fc.nat({ max: GRACE_MS })), { maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom<AliasKind>('pstn', 'domain'), steps, (kind, all) => {
        let proof: AliasProof = CLAIMED;
        let [nowMs, leads] = [0, false];
        for (const [input, passesMs] of all) {
          nowMs += passesMs;
          const [next, effects] = stepProof(kind, proof, input, nowMs);
          for (const effect of effects) {
            if (effect.kind === 'prove') leads = true;
            if (effect.kind === 'lapse') leads = false;
          }
          if (input.kind === 'superseded') leads = false;
          expect(leadsToMember(next)).toBe(leads);
          proof = next;
        }
      }),
    );
  });
});
