import type {
  KeptProcess,
  LiveProcess,
  Processes,
  ProcessReport,
  ProcessStore,
  StopTimer,
  Timers,
} from './ports/index.ts';

export type ProcessKeeperDependencies = {
  readonly store: ProcessStore;
  readonly timers: Timers;
  readonly report: Pick<ProcessReport, 'id' | 'place' | 'centres'>;
  /** Ends what the removed processes left open; called by whichever process notices. */
  readonly closeCallsOfTheDead: () => Promise<void>;
  /** Told of the first heartbeat that could not be written, and again after one that could. */
  readonly onFailure: (error: unknown) => void;
};

const BEAT_EVERY_MS = 1_000;

/** After so long without a heartbeat a process is taken for dead: two that are late or lost do not kill it. */
const DEAD_AFTER_MS = 3_000;

/** A process that was away itself knows nothing of the others' silence, until so many beats were in time. */
const BEATS_BEFORE_JUDGEMENT = 4;

/** Writes that this process lives, and knows which others do. */
export class ProcessKeeper implements Processes {
  readonly #dependencies: ProcessKeeperDependencies;
  readonly #listeners: (() => void)[] = [];
  #address: string | undefined;
  #isDraining = false;
  #live: readonly LiveProcess[] = [];
  #seen = '[]';
  #stopTimer: StopTimer | undefined;
  #beating: Promise<void> = Promise.resolve();
  #hasEnded = false;
  #beatsInTime = 0;
  #hasFailed = false;
  /** Somebody was removed, and it is not known yet that its calls are closed. */
  #isBurying = false;

  constructor(dependencies: ProcessKeeperDependencies) {
    this.#dependencies = dependencies;
  }

  get self(): string {
    return this.#dependencies.report.id;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  list(): readonly LiveProcess[] {
    return this.#live;
  }

  find(id: string): LiveProcess | undefined {
    return this.#live.find((process) => process.id === id);
  }

  hosting(centre: string): readonly LiveProcess[] {
    return this.#live.filter(
      ({ centres, isDraining }) => !isDraining && (centres === undefined || centres.includes(centre)),
    );
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Writes the first heartbeat, before anything is carried, and goes on.
   * @param isAloneAtItsPlace an earlier process of the place is known to be dead, however short its silence
   * @throws what the store throws
   */
  async join(isAloneAtItsPlace: boolean): Promise<void> {
    await this.#write();
    if (isAloneAtItsPlace) await this.#dependencies.store.takePlace(this.#dependencies.report);
    await this.#dependencies.closeCallsOfTheDead();
    this.#beatLater();
  }

  /** Others reach this process here from now on: it listens, so that nobody else of its place lives. */
  async reachedAt(address: string): Promise<void> {
    this.#address = address;
    await this.#dependencies.store.takePlace(this.#dependencies.report);
    await this.#dependencies.closeCallsOfTheDead();
    await this.#beatNow();
  }

  /** Takes no new calls from now on, and the others send none. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#beatNow();
  }

  /** Removes this process at once; it may be called again. */
  async leave(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopTimer?.();
    await this.#beating;
    await this.#dependencies.store.leave(this.self).catch(this.#dependencies.onFailure);
  }

  #beatLater(): void {
    if (this.#hasEnded) return;
    this.#stopTimer = this.#dependencies.timers.start(BEAT_EVERY_MS, () => {
      void this.#beatNow().then(() => this.#beatLater());
    });
  }

  /** One heartbeat at a time. It never rejects: while the database is away, nobody is judged. */
  #beatNow(): Promise<void> {
    this.#beating = this.#beating.then(async () => {
      if (this.#hasEnded) return;
      try {
        const all = await this.#write();
        const isAnyDead = this.#judges && all.some(({ silentMs }) => silentMs >= DEAD_AFTER_MS);
        if (isAnyDead || this.#isBurying) await this.#bury(isAnyDead);
        this.#hasFailed = false;
      } catch (error) {
        this.#beatsInTime = 0;
        if (!this.#hasFailed) this.#dependencies.onFailure(error);
        this.#hasFailed = true;
      }
    });
    return this.#beating;
  }

  async #write(): Promise<readonly KeptProcess[]> {
    const { store, report } = this.#dependencies;
    const own = {
      ...report,
      ...(this.#address === undefined ? {} : { address: this.#address }),
      isDraining: this.#isDraining,
    };
    const all = await store.beat(own);
    const before = all.find(({ id }) => id === own.id);
    const isInTime = before !== undefined && before.silentMs < DEAD_AFTER_MS / 2;
    this.#beatsInTime = isInTime ? this.#beatsInTime + 1 : 0;
    const others = all.filter(({ id }) => id !== own.id);
    this.#see([{ ...own, silentMs: 0 }, ...others]);
    return others;
  }

  get #judges(): boolean {
    return this.#beatsInTime >= BEATS_BEFORE_JUDGEMENT;
  }

  /** Many may notice at once: rows are removed once, and a call that has ended is not ended again. */
  async #bury(isAnyDead: boolean): Promise<void> {
    this.#isBurying = true;
    if (isAnyDead) await this.#dependencies.store.removeSilent(DEAD_AFTER_MS);
    await this.#dependencies.closeCallsOfTheDead();
    this.#isBurying = false;
  }

  #see(all: readonly KeptProcess[]): void {
    const live = all.flatMap(({ id, centres, address, isDraining, silentMs }) =>
      address === undefined || (silentMs >= DEAD_AFTER_MS && (this.#judges || this.find(id) === undefined))
        ? []
        : [{ id, address, isDraining, ...(centres === undefined ? {} : { centres }) }],
    );
    this.#live = live;
    const seen = JSON.stringify(live);
    if (seen === this.#seen) return;
    this.#seen = seen;
    for (const listener of this.#listeners) listener();
  }
}
