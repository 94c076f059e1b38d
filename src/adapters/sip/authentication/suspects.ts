import {
  CLEAR,
  type Suspicion,
  type SuspicionPolicy,
  stepSuspicion,
} from '../../../domain/terminals/index.ts';

/** Somebody who is blocked, and since when and until when, in milliseconds since 1970. */
export type BlockedSuspect = { readonly key: string; readonly sinceMs: number; readonly untilMs: number };

/**
 * Suspicion by key, for those who gave wrong answers only. At most `capacity` are remembered: who was wrong
 * longest ago is forgotten first, so that an attacker with a million addresses fills no memory.
 */
export class Suspects {
  readonly #policy: SuspicionPolicy;
  readonly #capacity: number;
  readonly #suspicions = new Map<string, Suspicion>();

  constructor(policy: SuspicionPolicy, capacity: number) {
    this.#policy = policy;
    this.#capacity = capacity;
  }

  /** Until when the key is blocked, or undefined where it is not. */
  blockedUntilMs(key: string, nowMs: number): number | undefined {
    const suspicion = this.#suspicions.get(key);
    if (suspicion === undefined) return undefined;
    const [present] = stepSuspicion(suspicion, { kind: 'time' }, nowMs, this.#policy);
    return present.state === 'blocked' ? present.untilMs : undefined;
  }

  /** Counts a wrong answer. @returns until when the key is blocked, where this answer blocked it */
  countWrongAnswer(key: string, nowMs: number): number | undefined {
    const before = this.#suspicions.get(key) ?? CLEAR;
    const [suspicion, effects] = stepSuspicion(before, { kind: 'wrong-answer' }, nowMs, this.#policy);
    this.#suspicions.delete(key);
    // Copied, since a slice of a message would keep the whole message.
    this.#suspicions.set(Buffer.from(key).toString(), suspicion);
    for (const oldest of this.#suspicions.keys()) {
      if (this.#suspicions.size <= this.#capacity) break;
      this.#suspicions.delete(oldest);
    }
    return effects[0]?.untilMs;
  }

  /** @returns whether there was anything to lift */
  lift(key: string): boolean {
    return this.#suspicions.delete(key);
  }

  blocked(nowMs: number): BlockedSuspect[] {
    const blocked: BlockedSuspect[] = [];
    for (const [key, suspicion] of this.#suspicions) {
      if (suspicion.state !== 'blocked' || suspicion.untilMs <= nowMs) continue;
      blocked.push({ key, sinceMs: suspicion.sinceMs, untilMs: suspicion.untilMs });
    }
    return blocked;
  }
}
