import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNonce, NonceCounts, readNonce } from './index.ts';

const sign = (text: string) => hash('sha256', `key ${text}`).slice(0, 22);
const at = (nowMs: number) => ({ nowMs, lifetimeMs: 60_000 });
const STALE = { kind: 'stale' };

describe('a nonce', () => {
  const nonce = makeNonce({ serial: 77, audience: '192.0.2.1' }, 1_000_000, sign);

  it('is fresh for its life, and stale afterwards', () => {
    expect(readNonce(nonce, '192.0.2.1', at(1_000_000), sign)).toEqual({ kind: 'fresh', serial: 77 });
    expect(readNonce(nonce, '192.0.2.1', at(1_060_000), sign)).toEqual({ kind: 'fresh', serial: 77 });
    expect(readNonce(nonce, '192.0.2.1', at(1_060_001), sign)).toEqual(STALE);
  });

  it('is stale for another network, and under another key', () => {
    expect(readNonce(nonce, '192.0.2.2', at(1_000_000), sign)).toEqual(STALE);
    expect(readNonce(nonce, '192.0.2.1', at(1_000_000), (text) => sign(`other ${text}`))).toEqual(STALE);
  });

  it('is stale where one character of it was changed', () => {
    const place = fc.nat(nonce.length - 1);
    const character = fc.constantFrom(...'0123456789abcdefxyz.');
    fc.assert(
      fc.property(place, character, (where, other) => {
        fc.pre(nonce[where] !== other);
        const changed = nonce.slice(0, where) + other + nonce.slice(where + 1);
        expect(readNonce(changed, '192.0.2.1', at(1_000_000), sign)).toEqual(STALE);
      }),
    );
  });

  it('needs no quoting in a challenge', () => {
    expect(nonce).toMatch(/^[A-Za-z0-9._-]+$/);
  });
});

describe('nonce counts', () => {
  it('RFC 7616 §3.4.5: no count of a nonce is accepted twice, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), (wanted) => {
        const counts = new NonceCounts(4);
        const serial = counts.issue();
        const accepted = wanted.filter((count) => counts.use(serial, count));
        expect(new Set(accepted).size).toBe(accepted.length);
        expect(accepted).not.toContain(0);
      }),
    );
  });

  it('may come out of order within a window of 32', () => {
    const counts = new NonceCounts(4);
    const serial = counts.issue();
    expect([40, 9, 8, 39, 39].map((count) => counts.use(serial, count))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('an answer without count uses the nonce up, and is the first', () => {
    const counts = new NonceCounts(4);
    const [first, second] = [counts.issue(), counts.issue()];
    expect(counts.use(first, undefined)).toBe(true);
    expect(counts.use(first, undefined)).toBe(false);
    expect(counts.use(first, 1)).toBe(false);
    expect(counts.use(second, 1)).toBe(true);
    expect(counts.use(second, undefined)).toBe(false);
  });

  it('are forgotten with the oldest nonces, which are refused from then on', () => {
    const counts = new NonceCounts(4);
    const serials = Array.from({ length: 6 }, () => counts.issue());
    expect(serials.map((serial) => counts.use(serial, 1))).toEqual([false, false, true, true, true, true]);
    expect(counts.use(7, 1)).toBe(false);
  });
});
