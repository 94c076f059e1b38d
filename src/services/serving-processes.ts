import type { Clock, DirectoryChange, ServingStore } from './ports/index.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Which other processes serve a terminal: the home register of all processes as each has it in memory. A terminal may
 * have phones at several processes, and all of them ring. A refresh changes nothing here.
 */
export class ServingProcesses {
  readonly #store: ServingStore;
  readonly #clock: Clock;
  readonly #self: string;
  #processes = new Map<string, Set<string>>();
  /** Changes that come while the store is read are applied again to what was read. */
  readonly #meanwhile = new Set<DirectoryChange[]>();

  constructor(ports: { readonly store: ServingStore; readonly clock: Clock; readonly self: string }) {
    this.#store = ports.store;
    this.#clock = ports.clock;
    this.#self = ports.self;
  }

  /** Reads all of it: at the start, when a process comes or is gone, and when changes may have been missed. */
  async reload(): Promise<void> {
    const missed: DirectoryChange[] = [];
    this.#meanwhile.add(missed);
    try {
      const read = new Map<string, Set<string>>();
      for (const { terminalId, processId } of await this.#store.elsewhere(this.#clock.nowMs())) {
        const processes = read.get(terminalId) ?? new Set();
        read.set(terminalId, processes.add(processId));
      }
      this.#processes = read;
      for (const change of missed) this.#take(change);
    } finally {
      this.#meanwhile.delete(missed);
    }
  }

  apply(change: DirectoryChange): void {
    for (const missed of this.#meanwhile) missed.push(change);
    this.#take(change);
  }

  /** The ids of the other processes at which a terminal is bound. */
  of(terminalId: string): ReadonlySet<string> {
    return this.#processes.get(terminalId) ?? NONE;
  }

  #take(change: DirectoryChange): void {
    if (change.kind === 'terminal-removed') this.#processes.delete(change.terminalId);
    if (change.kind !== 'terminal-served' || change.processId === this.#self) return;
    const { terminalId, processId, isServed } = change;
    const processes = this.#processes.get(terminalId) ?? new Set();
    if (isServed) processes.add(processId);
    else processes.delete(processId);
    if (processes.size === 0) this.#processes.delete(terminalId);
    else this.#processes.set(terminalId, processes);
  }
}
