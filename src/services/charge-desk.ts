import type { Currency } from '../domain/billing/index.ts';
import type { LedgerAccount, LedgerEntry, PendingTransfer } from '../domain/billing/ledger/index.ts';
import type { LedgerStore, Reservation, StopTimer, Timers } from './ports/index.ts';

/** The end of a pending transfer, before its call ends or without it. */
export type PendingEnd = Extract<LedgerEntry, { kind: 'post' | 'void' }>;

export type ChargeDeskDependencies = {
  readonly ledger: Pick<LedgerStore, 'reserve' | 'write'>;
  /** The process that it works for: what it keeps back is freed where that dies. */
  readonly self: string;
  readonly timers: Timers;
  /** How much of an account may be spent in a day; without it, or undefined, as much as there is. */
  readonly dayLimitOf?: (account: LedgerAccount, currency: Currency) => bigint | undefined;
  /** Told what became of each request, and how the account stands after it. */
  readonly onAnswered?: (transfer: PendingTransfer, reservation: Reservation) => void;
  /** Takes a sentence for the operator; one when trouble begins and one when it is over. */
  readonly warn: (sentence: string) => void;
};

type Request = {
  readonly transfer: PendingTransfer;
  readonly onAnswer: (reservation: Reservation) => void;
};

/** How long requests wait for others to be asked with. */
const GATHER_MS = 1;

/** How long a caller waits for the ledger. */
const ANSWERED_WITHIN_MS = 2_000;

/** What waits at most; more than this is told that nobody answers. */
const MOST_WAITING = 10_000;

const RETRY_MS = 1_000;

/**
 * Asks the ledger for credit, and ends what was kept back, in batches: one under way at a time for each. Ends that the
 * ledger does not hear of do no harm, since the end of the call settles everything and what is forgotten expires.
 */
export class ChargeDesk {
  readonly #dependencies: ChargeDeskDependencies;
  #requests: Request[] = [];
  #ends: PendingEnd[] = [];
  #isAsking = false;
  #isEnding = false;
  #stopGathering: StopTimer | undefined;
  #isInTrouble = false;

  constructor(dependencies: ChargeDeskDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Asks for credit.
   * @param onAnswer called once with what the ledger says, be it late
   * @param onUnanswered called where the ledger has not said anything for two seconds, or cannot be asked
   */
  reserve(
    transfer: PendingTransfer,
    onAnswer: (reservation: Reservation) => void,
    onUnanswered: () => void,
  ): void {
    if (this.#requests.length >= MOST_WAITING) {
      this.#dependencies.timers.start(0, onUnanswered);
      return;
    }
    const stopWaiting = this.#dependencies.timers.start(ANSWERED_WITHIN_MS, onUnanswered);
    const answered = (reservation: Reservation) => {
      stopWaiting();
      onAnswer(reservation);
    };
    const { self, dayLimitOf } = this.#dependencies;
    const dayLimitMicros = dayLimitOf?.(transfer.debit, transfer.currency);
    const bounded = dayLimitMicros === undefined ? transfer : { ...transfer, dayLimitMicros };
    this.#requests.push({ transfer: { ...bounded, holder: self }, onAnswer: answered });
    this.#gather();
  }

  /** Ends pending transfers when it is convenient. */
  end(ends: readonly PendingEnd[]): void {
    if (ends.length === 0 || this.#ends.length >= MOST_WAITING) return;
    this.#ends.push(...ends);
    this.#gather();
  }

  #gather(): void {
    this.#stopGathering ??= this.#dependencies.timers.start(GATHER_MS, () => {
      this.#stopGathering = undefined;
      void this.#ask();
      void this.#end();
    });
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#requests.length === 0) return;
    this.#isAsking = true;
    const batch = this.#requests.splice(0);
    const answers = await this.#answersTo(batch);
    this.#isAsking = false;
    for (const [at, request] of batch.entries()) {
      const answer = answers[at];
      if (answer !== undefined) this.#tell(request, answer);
    }
    void this.#ask();
  }

  /** What the ledger says; nothing where it does not answer. */
  async #answersTo(batch: readonly Request[]): Promise<readonly Reservation[]> {
    try {
      const answers = await this.#dependencies.ledger.reserve(batch.map(({ transfer }) => transfer));
      this.#troubleIsOver();
      return answers;
    } catch (error) {
      // Whoever asked is told by the timer that nobody answered: the ledger may have heard all the same.
      this.#beginTrouble(error);
      return [];
    }
  }

  /** A call that goes wrong over its answer keeps nobody else's from it. */
  #tell({ transfer, onAnswer }: Request, answer: Reservation): void {
    try {
      onAnswer(answer);
      this.#dependencies.onAnswered?.(transfer, answer);
    } catch (error) {
      this.#dependencies.warn(
        `What became of the credit for ${transfer.subject} was not taken: ${reasonOf(error)}`,
      );
    }
  }

  async #end(): Promise<void> {
    if (this.#isEnding || this.#ends.length === 0) return;
    this.#isEnding = true;
    const batch = this.#ends.splice(0);
    try {
      await this.#write(batch);
      this.#troubleIsOver();
    } catch (error) {
      this.#beginTrouble(error);
      this.#ends.unshift(...batch);
      this.#dependencies.timers.start(RETRY_MS, () => void this.#end());
      this.#isEnding = false;
      return;
    }
    this.#isEnding = false;
    void this.#end();
  }

  /** One that has its end already, as of a call that was settled meanwhile, must not hold up the others. */
  async #write(batch: readonly PendingEnd[]): Promise<void> {
    const { ledger } = this.#dependencies;
    if ((await ledger.write(batch)) === 'written' || batch.length === 1) return;
    const half = Math.ceil(batch.length / 2);
    await this.#write(batch.slice(0, half));
    await this.#write(batch.slice(half));
  }

  #beginTrouble(error: unknown): void {
    if (this.#isInTrouble) return;
    this.#isInTrouble = true;
    this.#dependencies.warn(
      `The ledger does not answer, and calls that cost something are refused: ${reasonOf(error)}`,
    );
  }

  #troubleIsOver(): void {
    if (!this.#isInTrouble) return;
    this.#isInTrouble = false;
    this.#dependencies.warn('The ledger answers again.');
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
