import type { IdempotencyStore, IdempotentRequest, StoredAnswer } from '../../services/ports/index.ts';

type Claim = {
  readonly request: IdempotentRequest;
  readonly answer?: StoredAnswer;
  readonly leaseUntilMs: number;
  readonly expiresAtMs: number;
};

/** Answers to requests that must not be carried out twice, in memory. */
export function createMemoryIdempotency(): IdempotencyStore {
  const claims = new Map<string, Claim>();
  return {
    async claim(request, nowMs, leaseUntilMs, expiresAtMs) {
      const known = claims.get(keyOf(request));
      if (known !== undefined && known.expiresAtMs > nowMs) {
        if (!isSame(known.request, request)) return { kind: 'reused' };
        if (known.answer !== undefined) return { kind: 'answered', answer: known.answer };
        if (known.leaseUntilMs > nowMs) return { kind: 'in-flight' };
      }
      claims.set(keyOf(request), { request, leaseUntilMs, expiresAtMs });
      return { kind: 'first' };
    },
    async finish(request, answer) {
      const claim = claims.get(keyOf(request));
      if (claim !== undefined) claims.set(keyOf(request), { ...claim, answer });
    },
    async abandon(request) {
      if (claims.get(keyOf(request))?.answer === undefined) claims.delete(keyOf(request));
    },
    async prune(nowMs) {
      const expired = [...claims].filter(([, { expiresAtMs }]) => expiresAtMs <= nowMs);
      for (const [key] of expired) claims.delete(key);
      return expired.length;
    },
  };
}

function keyOf({ actorId, key }: IdempotentRequest): string {
  return `${actorId} ${key}`;
}

function isSame(one: IdempotentRequest, other: IdempotentRequest): boolean {
  return one.route === other.route && one.bodyHash === other.bodyHash;
}
