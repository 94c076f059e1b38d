import { type Binding, liveBindings, withoutConnection } from '../domain/terminals/index.ts';
import type { Clock, RegistrationStore, StopTimer, TerminalBindings, Timers } from './ports/index.ts';

export type RegistrationsPorts = {
  readonly store: RegistrationStore;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told whenever the store failed; what it did not take is tried again. */
  readonly onStoreFailure: (error: unknown) => void;
  /**
   * Told when a terminal has got its first binding here, and when it has lost its last, as soon as that is stored:
   * whoever hears of it and reads the store finds it there.
   */
  readonly onServed?: (terminalId: string, isServed: boolean) => void;
};

/** New bindings that come within this time of each other are stored together. */
const GATHER_MS = 10;

/** How long a refresh may wait for company, and a store that failed for the next try. */
const LINGER_MS = 1_000;

/** How often expired bindings are cleared away; whoever asks never sees them. */
const SWEEP_MS = 30_000;

/** What changed since it was last stored. `before` is there where somebody waits for the change to be stored. */
type Unsaved = { readonly before?: readonly Binding[] };

type Waiting = { readonly resolve: () => void; readonly reject: (error: unknown) => void };

const NONE: readonly Binding[] = [];

/**
 * Where every terminal is bound, in memory, and behind it the store, so that a restart loses no phone (R18). What
 * would lose a phone is stored before it is confirmed; a refresh is stored within a second, since losing it only
 * lets the binding end at the time it had before (ADR 0186).
 */
export class Registrations {
  readonly #ports: RegistrationsPorts;
  readonly #bindings = new Map<string, readonly Binding[]>();
  readonly #terminalsOfConnection = new Map<number, Set<string>>();
  /** Terminals by the sweep at which one of their bindings has expired. */
  readonly #due = new Map<number, Set<string>>();
  /** Terminals that began or ceased to be served, which is not stored yet. */
  readonly #untold = new Set<string>();
  #unsaved = new Map<string, Unsaved>();
  #waiting: Waiting[] = [];
  #saving: Promise<void> | undefined;
  #saveTimer: { readonly stop: StopTimer; readonly dueMs: number } | undefined;
  #stopSweeping: StopTimer | undefined;

  constructor(ports: RegistrationsPorts) {
    this.#ports = ports;
  }

  /** Reads what the store has; called once, before the first request is served. Connections did not survive. */
  async load(): Promise<void> {
    for (const { terminalId, bindings } of await this.#ports.store.load(this.#ports.clock.nowMs())) {
      this.#set(terminalId, withoutConnection(bindings));
      this.#tell(terminalId, bindings);
    }
  }

  /** Where a terminal is bound at that time, in no particular order. */
  bindingsOf(terminalId: string, nowMs: number): readonly Binding[] {
    return liveBindings(this.#bindings.get(terminalId) ?? NONE, nowMs);
  }

  /** All terminals that are bound at that time. */
  *all(nowMs: number): IterableIterator<TerminalBindings> {
    for (const terminalId of this.#bindings.keys()) {
      const bindings = this.bindingsOf(terminalId, nowMs);
      if (bindings.length > 0) yield { terminalId, bindings };
    }
  }

  /** Lets the same bindings last longer; stored within a second. */
  refresh(terminalId: string, bindings: readonly Binding[]): void {
    this.#set(terminalId, bindings);
    this.#saveLater(terminalId);
  }

  /** Sets the bindings of a terminal. @returns when they are stored; where that fails, they are taken back */
  replace(terminalId: string, bindings: readonly Binding[]): Promise<void> {
    const before = this.#unsaved.get(terminalId)?.before ?? this.#bindings.get(terminalId) ?? NONE;
    this.#set(terminalId, bindings);
    this.#unsaved.set(terminalId, { before });
    const stored = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#saveWithin(GATHER_MS);
    return stored;
  }

  /** Forgets a terminal that is no more. */
  forget(terminalId: string): void {
    if (!this.#bindings.has(terminalId)) return;
    this.#set(terminalId, NONE);
    this.#saveLater(terminalId);
  }

  /** A connection is gone: the bindings made on it live on, and their phones are tried at their address. */
  closed(flow: { readonly connection?: number }): void {
    if (flow.connection === undefined) return;
    for (const terminalId of this.#terminalsOfConnection.get(flow.connection) ?? []) {
      const bindings = this.#bindings.get(terminalId);
      if (bindings !== undefined) {
        this.#bindings.set(terminalId, withoutConnection(bindings, flow.connection));
      }
    }
    this.#terminalsOfConnection.delete(flow.connection);
  }

  /** Stores what is not stored yet, once, and stops: the last thing before the process ends. */
  async stop(): Promise<void> {
    this.#stopSweeping?.();
    this.#stopSweeping = undefined;
    await this.#saving;
    this.#cancelSave();
    this.#save();
    await this.#saving;
    this.#cancelSave();
  }

  #cancelSave(): void {
    this.#saveTimer?.stop();
    this.#saveTimer = undefined;
  }

  #set(terminalId: string, bindings: readonly Binding[]): void {
    const wasServed = this.#bindings.has(terminalId);
    if (bindings.length === 0) this.#bindings.delete(terminalId);
    else this.#bindings.set(terminalId, bindings);
    if (wasServed !== bindings.length > 0) this.#untold.add(terminalId);
    for (const { flow, expiresAtMs } of bindings) {
      if (flow.connection !== undefined) note(this.#terminalsOfConnection, flow.connection, terminalId);
      note(this.#due, Math.ceil(expiresAtMs / SWEEP_MS), terminalId);
    }
    if (this.#due.size > 0) this.#stopSweeping ??= this.#ports.timers.start(SWEEP_MS, () => this.#sweep());
  }

  /** What was stored; where it has changed since, the next save tells it again. */
  #tell(terminalId: string, bindings: readonly Binding[]): void {
    if (!this.#untold.has(terminalId)) return;
    if (!this.#unsaved.has(terminalId)) this.#untold.delete(terminalId);
    this.#ports.onServed?.(terminalId, bindings.length > 0);
  }

  #sweep(): void {
    this.#stopSweeping = undefined;
    const nowMs = this.#ports.clock.nowMs();
    for (const [sweep, terminalIds] of this.#due) {
      if (sweep * SWEEP_MS > nowMs) continue;
      this.#due.delete(sweep);
      for (const terminalId of terminalIds) this.#expire(terminalId, nowMs);
    }
    if (this.#due.size > 0) this.#stopSweeping ??= this.#ports.timers.start(SWEEP_MS, () => this.#sweep());
  }

  #expire(terminalId: string, nowMs: number): void {
    const bindings = this.#bindings.get(terminalId) ?? NONE;
    const live = liveBindings(bindings, nowMs);
    if (live.length === bindings.length) return;
    this.#set(terminalId, live);
    this.#saveLater(terminalId);
  }

  #saveLater(terminalId: string): void {
    if (!this.#unsaved.has(terminalId)) this.#unsaved.set(terminalId, {});
    this.#saveWithin(LINGER_MS);
  }

  /** One save at a time: what comes meanwhile goes into the next, so that a slow store is asked less often. */
  #saveWithin(afterMs: number): void {
    if (this.#saving !== undefined) return;
    const dueMs = this.#ports.clock.nowMs() + afterMs;
    if (this.#saveTimer !== undefined && this.#saveTimer.dueMs <= dueMs) return;
    this.#cancelSave();
    const stop = this.#ports.timers.start(afterMs, () => {
      this.#saveTimer = undefined;
      this.#save();
    });
    this.#saveTimer = { stop, dueMs };
  }

  #save(): void {
    const batch = this.#unsaved;
    const waiting = this.#waiting;
    if (batch.size === 0) return;
    this.#unsaved = new Map();
    this.#waiting = [];
    const changes = Array.from(batch.keys(), (terminalId) => ({
      terminalId,
      bindings: this.#bindings.get(terminalId) ?? NONE,
    }));
    this.#saving = this.#ports.store.save(changes).then(
      () => {
        for (const { terminalId, bindings } of changes) this.#tell(terminalId, bindings);
        for (const { resolve } of waiting) resolve();
        this.#afterSave(GATHER_MS);
      },
      (error: unknown) => {
        this.#takeBack(batch);
        for (const { reject } of waiting) reject(error);
        this.#ports.onStoreFailure(error);
        this.#afterSave(LINGER_MS);
      },
    );
  }

  #afterSave(waitMs: number): void {
    this.#saving = undefined;
    if (this.#unsaved.size > 0) this.#saveWithin(this.#waiting.length > 0 ? waitMs : LINGER_MS);
  }

  /**
   * A change that somebody waited for did not happen, unless a later one has gone on from it. All of the batch is
   * stored again: the store may have taken it and failed to say so.
   */
  #takeBack(batch: ReadonlyMap<string, Unsaved>): void {
    for (const [terminalId, { before }] of batch) {
      if (this.#unsaved.has(terminalId)) continue;
      if (before !== undefined) this.#set(terminalId, before);
      this.#unsaved.set(terminalId, {});
    }
  }
}

function note(sets: Map<number, Set<string>>, key: number, terminalId: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([terminalId]));
  else set.add(terminalId);
}
