import type { CallRecord, CallRecordStore, Clock, StopTimer, Timers } from './ports/index.ts';

/** How a writer behaves; the defaults are what the service runs with. */
export type CallRecordWriterOptions = {
  /** The longest an answered call waits for others to be written with: its caller waits so long as well. */
  readonly answeredDelayMs: number;
  /** The longest everything else waits; a call that ends sooner is written once instead of twice. */
  readonly delayMs: number;
  /** The most records of one write. */
  readonly batchSize: number;
  /** The most records that wait while the database is away; about 1 kB each. */
  readonly mostWaiting: number;
  /** How often calls under way are shown to live: how much a crash can take from a call's length. */
  readonly touchEveryMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
};

const DEFAULTS: CallRecordWriterOptions = {
  answeredDelayMs: 8,
  delayMs: 500,
  batchSize: 500,
  mostWaiting: 100_000,
  touchEveryMs: 5_000,
  firstRetryMs: 100,
  longestRetryMs: 5_000,
};

/** What a writer has done since it began. */
export type CallRecordWriterMetrics = {
  /** Records that wait to be written, or are being written. */
  readonly waiting: number;
  readonly callsUnderWay: number;
  readonly written: number;
  readonly failedWrites: number;
  /** Records given up since too many waited. */
  readonly dropped: number;
};

export type CallRecordWriterDependencies = {
  readonly store: CallRecordStore;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Takes a sentence for the operator; one when trouble begins and one when it is over. */
  readonly warn: (sentence: string) => void;
};

/**
 * Writes call records in batches beside the calls: the database is waited for by nothing but an answer.
 *
 * - A call that was answered is handed to the store within `answeredDelayMs` of its `put`, or as soon as the
 *   write before it is done, and before anything that is not answered. Whoever waits for `onKept` before he tells
 *   the caller of the answer loses no answered call in a crash.
 * - A later version of a record replaces the one that waits. One write is under way at a time, so that versions
 *   reach the store in their order.
 * - While the database is away everything waits, up to `mostWaiting` records, and is tried again.
 */
export class CallRecordWriter {
  readonly #dependencies: CallRecordWriterDependencies;
  readonly #options: CallRecordWriterOptions;
  /** Calls whose answer the store does not know yet; they go first. */
  readonly #answered: Queue;
  readonly #others: Queue;
  readonly #underWay = new Set<string>();
  /** Calls under way whose answer the store knows, so that their end can wait. */
  readonly #knownAnswered = new Set<string>();
  #writing: readonly CallRecord[] = [];
  #batchSize: number;
  #retryMs = 0;
  #stopRetry: StopTimer | undefined;
  #stopTouching: StopTimer | undefined;
  #troubles = 0;
  /** Who waits for the answer of a call to be in the store. */
  readonly #whenKept = new Map<string, () => void>();
  #whenIdle: (() => void)[] = [];
  #written = 0;
  #failedWrites = 0;
  #dropped = 0;

  constructor(dependencies: CallRecordWriterDependencies, options: Partial<CallRecordWriterOptions> = {}) {
    this.#dependencies = dependencies;
    this.#options = { ...DEFAULTS, ...options };
    this.#batchSize = this.#options.batchSize;
    const { timers } = dependencies;
    this.#answered = new Queue(timers, this.#options.answeredDelayMs, () => this.#write());
    this.#others = new Queue(timers, this.#options.delayMs, () => this.#write());
    this.#touchLater();
  }

  get metrics(): CallRecordWriterMetrics {
    return {
      waiting: this.#waiting + this.#writing.length,
      callsUnderWay: this.#underWay.size,
      written: this.#written,
      failedWrites: this.#failedWrites,
      dropped: this.#dropped,
    };
  }

  /**
   * Takes the newest version of a call's record; it is written later.
   * @param onKept called once, when the store knows that the call was answered
   */
  put(record: CallRecord, onKept?: () => void): void {
    if (onKept !== undefined) this.#whenKept.set(record.id, onKept);
    if (record.endedAtMs === undefined) this.#underWay.add(record.id);
    else this.#underWay.delete(record.id);
    this.#enqueue(record);
    if (this.#waiting > this.#options.mostWaiting) this.#drop();
    if (this.#waiting >= this.#options.batchSize) this.#others.hurry();
  }

  /**
   * Writes everything now; for the end of the service.
   * @returns how many records could not be written within this time
   */
  async flush(withinMs: number): Promise<number> {
    this.#answered.hurry();
    this.#others.hurry();
    this.#stopRetry?.();
    this.#stopRetry = undefined;
    this.#write();
    if (this.metrics.waiting === 0) return 0;
    await new Promise<void>((resolve) => {
      const stopTimer = this.#dependencies.timers.start(withinMs, resolve);
      this.#whenIdle.push(() => {
        stopTimer();
        resolve();
      });
    });
    return this.metrics.waiting;
  }

  /** Ends the proofs of life. Call it when no call is left; what still waits is for `flush`. */
  stop(): void {
    this.#stopTouching?.();
    this.#stopTouching = undefined;
  }

  get #waiting(): number {
    return this.#answered.size + this.#others.size;
  }

  #enqueue(record: CallRecord): void {
    const isNews = record.answeredAtMs !== undefined && !this.#knownAnswered.has(record.id);
    if (isNews) {
      this.#others.remove(record.id);
      this.#answered.put(record);
    } else {
      this.#others.put(record);
    }
  }

  /** Writes what is due, unless a write is under way or its failure is waited out: both end by coming back. */
  #write(): void {
    if (this.#writing.length > 0 || this.#stopRetry !== undefined) return;
    if (!this.#answered.isDue && !this.#others.isDue) return;
    const first = this.#answered.take(this.#batchSize);
    const rest = this.#others.isDue ? this.#others.take(this.#batchSize - first.length) : [];
    this.#writing = [...first, ...rest];
    if (this.#writing.length > 0) void this.#save(this.#writing);
  }

  async #save(batch: readonly CallRecord[]): Promise<void> {
    try {
      await this.#dependencies.store.save(batch);
      this.#onWritten(batch);
    } catch (error) {
      this.#onFailed(batch, error);
    }
    if (this.metrics.waiting === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
    this.#write();
  }

  #onWritten(batch: readonly CallRecord[]): void {
    this.#writing = [];
    this.#written += batch.length;
    this.#retryMs = 0;
    this.#batchSize = Math.min(this.#batchSize * 2, this.#options.batchSize);
    for (const record of batch) {
      if (record.answeredAtMs === undefined) continue;
      this.#tellKept(record.id);
      if (this.#underWay.has(record.id)) this.#knownAnswered.add(record.id);
      else this.#knownAnswered.delete(record.id);
    }
    this.#endTrouble();
  }

  #tellKept(id: string): void {
    const onKept = this.#whenKept.get(id);
    if (onKept === undefined) return;
    this.#whenKept.delete(id);
    onKept();
  }

  /**
   * The records go back to the end of their queues, and the next batch is half as large: so a record that the
   * store can never take does not hold up the others, without asking why a write failed.
   */
  #onFailed(batch: readonly CallRecord[], error: unknown): void {
    this.#writing = [];
    this.#failedWrites += 1;
    this.#batchSize = Math.max(1, batch.length >> 1);
    for (const record of batch) {
      if (!this.#answered.has(record.id) && !this.#others.has(record.id)) this.#enqueue(record);
    }
    this.#answered.hurry();
    this.#others.hurry();
    const { firstRetryMs, longestRetryMs } = this.#options;
    this.#retryMs = Math.min(Math.max(this.#retryMs * 2, firstRetryMs), longestRetryMs);
    this.#stopRetry = this.#dependencies.timers.start(this.#retryMs, () => {
      this.#stopRetry = undefined;
      this.#write();
    });
    this.#beginTrouble(error);
  }

  /**
   * Gives up the oldest record, and the news of an answer last of all. An answered call whose end is lost is
   * ended at its last proof of life when the service starts the next time.
   */
  #drop(): void {
    const queue = this.#others.size > 0 ? this.#others : this.#answered;
    for (const { id } of queue.take(1)) {
      this.#knownAnswered.delete(id);
      this.#whenKept.delete(id);
    }
    this.#dropped += 1;
    if (this.#dropped === 1) {
      const { mostWaiting } = this.#options;
      this.#dependencies.warn(
        `More than ${mostWaiting} call records wait for the database: the oldest are lost.`,
      );
    }
  }

  #touchLater(): void {
    this.#stopTouching = this.#dependencies.timers.start(
      this.#options.touchEveryMs,
      () => void this.#touch(),
    );
  }

  async #touch(): Promise<void> {
    const { store, clock } = this.#dependencies;
    try {
      if (this.#underWay.size > 0) await store.touch([...this.#underWay], clock.nowMs());
    } catch (error) {
      this.#beginTrouble(error);
    }
    if (this.#stopTouching !== undefined) this.#touchLater();
  }

  #beginTrouble(error: unknown): void {
    this.#troubles += 1;
    if (this.#troubles > 1) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#dependencies.warn(`Call records cannot be written and wait for the database: ${reason}`);
  }

  #endTrouble(): void {
    if (this.#troubles === 0) return;
    this.#troubles = 0;
    const { waiting, dropped } = this.metrics;
    this.#dependencies.warn(
      `Call records are written again: ${waiting} still wait, ${dropped} were lost so far.`,
    );
  }
}

/** Records that wait, by their ids, and the timer that makes them due. */
class Queue {
  readonly #timers: Timers;
  readonly #delayMs: number;
  readonly #onDue: () => void;
  readonly #records = new Map<string, CallRecord>();
  #stopTimer: StopTimer | undefined;
  #isDue = false;

  constructor(timers: Timers, delayMs: number, onDue: () => void) {
    this.#timers = timers;
    this.#delayMs = delayMs;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#records.size;
  }

  get isDue(): boolean {
    return this.#isDue && this.size > 0;
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  put(record: CallRecord): void {
    this.#records.set(record.id, record);
    if (!this.#isDue) this.#stopTimer ??= this.#timers.start(this.#delayMs, () => this.#fire());
  }

  remove(id: string): void {
    this.#records.delete(id);
    this.#restIfEmpty();
  }

  /** Makes what waits due at the next turn of the timers. */
  hurry(): void {
    if (this.#isDue || this.size === 0) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#timers.start(0, () => this.#fire());
    this.#isDue = true;
  }

  /** Removes and returns the oldest, at most `count`. */
  take(count: number): CallRecord[] {
    const taken: CallRecord[] = [];
    for (const record of this.#records.values()) {
      if (taken.length === count) break;
      taken.push(record);
      this.#records.delete(record.id);
    }
    this.#restIfEmpty();
    return taken;
  }

  #fire(): void {
    this.#stopTimer = undefined;
    this.#isDue = true;
    this.#onDue();
  }

  #restIfEmpty(): void {
    if (this.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#isDue = false;
  }
}
