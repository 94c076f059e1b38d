import { describe, expect, it } from 'vitest';
import { ProvenNetworks } from './proven-networks.ts';
import { Suspects } from './suspects.ts';

const POLICY = { allowedWrongAnswers: 2, firstBlockMs: 1_000, longestBlockMs: 1_000, forgetAfterMs: 60_000 };

describe('suspects', () => {
  it('are remembered up to a number, and who was wrong longest ago is forgotten first', () => {
    const suspects = new Suspects(POLICY, 3);
    for (const key of ['a', 'b', 'c', 'd']) suspects.countWrongAnswer(key, 0);
    expect(['a', 'b', 'c', 'd'].map((key) => suspects.lift(key))).toEqual([false, true, true, true]);
  });

  it('are listed while they are blocked', () => {
    const suspects = new Suspects(POLICY, 3);
    expect(suspects.countWrongAnswer('a', 5)).toBeUndefined();
    expect(suspects.countWrongAnswer('a', 7)).toBe(1_007);
    expect(suspects.blocked(1_006)).toEqual([{ key: 'a', sinceMs: 7, untilMs: 1_007 }]);
    expect(suspects.blocked(1_007)).toEqual([]);
  });
});

describe('networks a user is known from', () => {
  it('are four at most, the latest ones', () => {
    const proven = new ProvenNetworks();
    for (const network of ['1', '2', '3', '4', '1', '5']) proven.prove('alice', network);
    const known = ['1', '2', '3', '4', '5'].filter((network) => proven.isProven('alice', network));
    expect(known).toEqual(['1', '3', '4', '5']);
    expect(proven.isProven('bob', '1')).toBe(false);
  });

  it('are forgotten after ten wrong passwords in a row, and not after ten over time', () => {
    const proven = new ProvenNetworks();
    proven.prove('alice', '1');
    for (let at = 0; at < 9; at += 1) proven.countWrongAnswer('alice', '1');
    proven.prove('alice', '1');
    for (let at = 0; at < 9; at += 1) proven.countWrongAnswer('alice', '1');
    expect(proven.isProven('alice', '1')).toBe(true);
    proven.countWrongAnswer('alice', '1');
    expect(proven.isProven('alice', '1')).toBe(false);
  });
});
