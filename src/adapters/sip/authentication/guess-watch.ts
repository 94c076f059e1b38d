import { type SuspicionPolicy, sourceNetwork } from '../../../domain/terminals/index.ts';
import type { Block } from '../../../services/ports/index.ts';
import { ProvenNetworks } from './proven-networks.ts';
import { Suspects } from './suspects.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Ten wrong answers, since phones of a whole office may stand behind one address. */
const SOURCE_POLICY: SuspicionPolicy = {
  allowedWrongAnswers: 10,
  firstBlockMs: 30 * SECOND,
  longestBlockMs: HOUR,
  forgetAfterMs: 4 * HOUR,
};

/** Twenty, since it takes at least two sources to get there. */
const USER_POLICY: SuspicionPolicy = { ...SOURCE_POLICY, allowedWrongAnswers: 20 };

/** Suspects of each kind: some megabytes. */
const MOST_SUSPECTS = 10_000;

/** Counts wrong passwords by source and by user, and says who is not listened to (ADR 0188). */
export class GuessWatch {
  readonly #sources = new Suspects(SOURCE_POLICY, MOST_SUSPECTS);
  readonly #users = new Suspects(USER_POLICY, MOST_SUSPECTS);
  readonly #proven = new ProvenNetworks();
  readonly #onBlocked: (block: Block) => void;

  constructor(onBlocked: (block: Block) => void) {
    this.#onBlocked = onBlocked;
  }

  /** Until when this network is not even challenged; undefined where it is. */
  sourceBlockedUntilMs(network: string, nowMs: number): number | undefined {
    return this.#sources.blockedUntilMs(network, nowMs);
  }

  /** Until when an answer for this user from this network is not looked at; undefined where it is. */
  blockedUntilMs(user: string, network: string, nowMs: number): number | undefined {
    const sourceMs = this.#sources.blockedUntilMs(network, nowMs);
    const userMs = this.#users.blockedUntilMs(user, nowMs);
    if (sourceMs === undefined && userMs === undefined) return undefined;
    return this.isProven(user, network) ? undefined : Math.max(sourceMs ?? 0, userMs ?? 0);
  }

  isProven(user: string, network: string): boolean {
    return this.#proven.isProven(user, network);
  }

  countRightAnswer(user: string, network: string): void {
    this.#proven.prove(user, network);
  }

  countWrongAnswer(user: string, network: string, nowMs: number): void {
    this.#proven.countWrongAnswer(user, network);
    this.#tell('source', network, nowMs, this.#sources.countWrongAnswer(network, nowMs));
    this.#tell('user', user, nowMs, this.#users.countWrongAnswer(user, nowMs));
  }

  blocks(nowMs: number): readonly Block[] {
    const listed = (kind: Block['kind'], suspects: Suspects) =>
      suspects.blocked(nowMs).map(({ key, sinceMs, untilMs }) => ({ kind, subject: key, sinceMs, untilMs }));
    return [...listed('source', this.#sources), ...listed('user', this.#users)];
  }

  lift(kind: Block['kind'], subject: string): boolean {
    return kind === 'user' ? this.#users.lift(subject) : this.#sources.lift(networkNamed(subject));
  }

  #tell(kind: Block['kind'], subject: string, sinceMs: number, untilMs: number | undefined): void {
    if (untilMs !== undefined) this.#onBlocked({ kind, subject, sinceMs, untilMs });
  }
}

/** An operator may name a network as it is listed, or any address in it. */
function networkNamed(subject: string): string {
  return subject.endsWith('/64') ? subject : sourceNetwork(subject);
}
