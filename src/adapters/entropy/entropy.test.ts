import { describe, expect, it } from 'vitest';
import { createIdentifiers, systemHash, systemRandomness } from './entropy.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('RFC 9562 §5.7: UUIDs of version 7', () => {
  it('begin with the time in milliseconds', () => {
    const { next } = createIdentifiers({ nowMs: () => 0x017f22e279b0 }, systemRandomness);
    expect(next()).toMatch(UUID);
    expect(next().startsWith('017f22e2-79b0-7001-')).toBe(true);
  });

  it('sort in the order they were made, within a millisecond and when the clock is set back', () => {
    let nowMs = 1_000_000;
    const { next } = createIdentifiers({ nowMs: () => nowMs }, systemRandomness);
    const made = Array.from({ length: 10_000 }, next);
    nowMs -= 500;
    made.push(next(), next());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(made.filter((id) => !UUID.test(id))).toEqual([]);
  });
});

describe('RFC 8760 §2.3: the hashes of terminals', () => {
  it('are those of the examples of RFC 7616 §3.9.1', () => {
    const text = 'Mufasa:http-auth@example.org:Circle of Life';
    expect(systemHash.md5(text)).toBe('3d78807defe7de2157e2b0b6573a855f');
    expect(systemHash.sha256(text)).toBe('7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232');
  });
});

describe('chance', () => {
  it('is of the length asked for, and never given twice', () => {
    const pieces = Array.from({ length: 2_000 }, (_, index) => systemRandomness.bytes(10 + (index % 30)));
    expect(pieces.filter(({ length }, index) => length !== 10 + (index % 30))).toEqual([]);
    expect(new Set(pieces.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(pieces.length);
    expect(systemRandomness.bytes(100_000).length).toBe(100_000);
  });
});
