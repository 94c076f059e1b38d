import { describe, expect, it } from 'vitest';
import { type TariffVersion, versionIdOf, versionInForce, versionsInForceSince } from './index.ts';

function version(number: number, effectiveFromMs: number, takenBackAtMs?: number): TariffVersion {
  const taken = takenBackAtMs === undefined ? {} : { takenBackAtMs };
  return { tariff: 'retail', number, effectiveFromMs, publishedAtMs: 0, rowCount: 1, ...taken };
}

describe('R23: the version in force', () => {
  const versions = [
    version(1, 0),
    version(2, 100),
    version(3, 50),
    version(4, 200, 300),
    version(5, 200, 250),
  ];

  it.each([
    [-1, undefined],
    [0, 1],
    [49, 1],
    [50, 3],
    [100, 2],
    [199, 2],
    [200, 5],
    [249, 5],
    [250, 4],
    [299, 4],
    [300, 2],
    [1_000, 2],
  ])('at %i is number %s', (atMs, number) => {
    expect(versionInForce(versions, atMs)?.number).toBe(number);
  });

  it('one that is taken back before it counts never does', () => {
    expect(versionInForce([version(1, 0), version(2, 100, 50)], 100)?.number).toBe(1);
  });

  it('knows all that will be in force, and those of now', () => {
    const numbers = (fromMs: number) => versionsInForceSince(versions, fromMs).map(({ number }) => number);
    expect(numbers(0).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(numbers(260).sort()).toEqual([2, 4]);
    expect(numbers(300)).toEqual([2]);
    expect(versionsInForceSince([], 0)).toEqual([]);
  });

  it('is named by its tariff and its number', () => {
    expect(versionIdOf(version(3, 0))).toBe('retail@3');
  });
});
