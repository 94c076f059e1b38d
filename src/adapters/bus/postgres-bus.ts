import { type Kysely, sql } from 'kysely';
import type { Bus, DirectoryChange, StopTimer, Timers } from '../../services/ports/index.ts';
import { createInProcessBus } from './in-process-bus.ts';

/** A bus that other processes hear as well. */
export type SharedBus = Bus & {
  /** Facts that are read again whenever changes may have been missed. */
  onGap(reload: () => Promise<void>): void;
  /** Sends what waits, once, and stops hearing the others. */
  close(): Promise<void>;
};

export type SharedBusDependencies = {
  // biome-ignore lint/suspicious/noExplicitAny: whatever tables the database has, none is used.
  readonly kysely: Kysely<any>;
  readonly listen: (
    channel: string,
    listener: { onNotice(payload: string): void; onGap(): void },
  ) => Promise<() => Promise<void>>;
  readonly timers: Timers;
  /** The id of this process: its own notices come back to it and are passed over. */
  readonly self: string;
  readonly onError: (error: unknown, change?: DirectoryChange) => void;
};

const CHANNEL = 'omnidial_changes';

/** PostgreSQL takes less than 8000 bytes; a character of JSON has three at most where it is no surrogate. */
const PART_CHARACTERS = 2_400;

const BATCH = 500;

/** More that waits for a database that is away is forgotten: all are told to read everything again instead. */
const MOST_WAITING = 20_000;

const RETRY_MS = 500;

/** A notice: a part of the text of a change, `of` parts in all, which come one after the other. */
type Notice = {
  readonly from: string;
  readonly number: number;
  readonly part: number;
  readonly of: number;
  readonly text: string;
};

/**
 * Carries changes to all processes of one database, by its notices: to this one at once, to the others in the order in
 * which they were published. A notice is a hint: whoever may have missed one reads the truth again.
 */
export async function openSharedBus(dependencies: SharedBusDependencies): Promise<SharedBus> {
  const { self, onError, listen } = dependencies;
  const inner = createInProcessBus(onError);
  const outgoing = new Outgoing(dependencies);
  const reloads = new Reloads(dependencies);
  const parts = new Map<string, string[]>();
  const stopListening = await listen(CHANNEL, {
    onNotice(payload) {
      try {
        const notice = JSON.parse(payload) as Notice;
        if (notice.from === self) return;
        const text = joined(parts, notice);
        if (text === undefined) return;
        if (text === '') reloads.begin();
        else inner.publish(JSON.parse(text) as DirectoryChange);
      } catch (error) {
        onError(error);
      }
    },
    onGap: () => reloads.begin(),
  });
  return {
    publish(change) {
      inner.publish(change);
      outgoing.put(JSON.stringify(change));
    },
    subscribe: (listener) => inner.subscribe(listener),
    onGap: (reload) => reloads.add(reload),
    async close() {
      reloads.stop();
      await outgoing.close();
      await stopListening().catch(() => undefined);
    },
  };
}

/** @returns the whole text, once its last part is here; nothing where parts are missing */
function joined(parts: Map<string, string[]>, { from, part, of, text }: Notice): string | undefined {
  if (of === 1) return text;
  const before = part === 0 ? [] : (parts.get(from) ?? []);
  parts.delete(from);
  if (before.length !== part) return undefined;
  const all = [...before, text];
  if (all.length === of) return all.join('');
  parts.set(from, all);
  return undefined;
}

/** What waits to be told to the others: one statement at a time, so that the order is kept. */
class Outgoing {
  readonly #dependencies: SharedBusDependencies;
  #waiting: string[] = [];
  #sending: Promise<void> | undefined;
  #number = 0;
  #stopRetry: StopTimer | undefined;
  #isClosed = false;

  constructor(dependencies: SharedBusDependencies) {
    this.#dependencies = dependencies;
  }

  put(text: string): void {
    this.#waiting.push(text);
    // An empty text says: read everything again.
    if (this.#waiting.length > MOST_WAITING) this.#waiting = [''];
    this.#begin();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopRetry?.();
    this.#stopRetry = undefined;
    await this.#sending;
    this.#begin();
    await this.#sending;
  }

  #begin(): void {
    if (this.#sending !== undefined || this.#stopRetry !== undefined || this.#waiting.length === 0) return;
    this.#sending = this.#send(this.#waiting.splice(0, BATCH)).then((isSent) => {
      this.#sending = undefined;
      if (isSent) this.#begin();
      else if (!this.#isClosed) this.#retryLater();
    });
  }

  #retryLater(): void {
    this.#stopRetry = this.#dependencies.timers.start(RETRY_MS, () => {
      this.#stopRetry = undefined;
      this.#begin();
    });
  }

  async #send(batch: readonly string[]): Promise<boolean> {
    // Equal notices of one transaction are told once; the number makes each its own.
    const notices = batch.flatMap((text) => this.#partsOf(text));
    try {
      await sql`
        select pg_notify(${CHANNEL}, notice) from unnest(${notices}::text[]) with ordinality as all_of_them (notice, place)
        order by place
      `.execute(this.#dependencies.kysely);
      return true;
    } catch (error) {
      this.#waiting.unshift(...batch);
      this.#dependencies.onError(error);
      return false;
    }
  }

  #partsOf(text: string): string[] {
    const of = Math.max(1, Math.ceil(text.length / PART_CHARACTERS));
    return Array.from({ length: of }, (_, part) => {
      this.#number += 1;
      const piece = text.slice(part * PART_CHARACTERS, (part + 1) * PART_CHARACTERS);
      const notice: Notice = { from: this.#dependencies.self, number: this.#number, part, of, text: piece };
      return JSON.stringify(notice);
    });
  }
}

/** Reads facts again: all of them, one round at a time, and once more where it fails. */
class Reloads {
  readonly #dependencies: SharedBusDependencies;
  readonly #reloads: (() => Promise<void>)[] = [];
  #isRunning = false;
  #isWanted = false;
  #stopRetry: StopTimer | undefined;
  #isStopped = false;

  constructor(dependencies: SharedBusDependencies) {
    this.#dependencies = dependencies;
  }

  add(reload: () => Promise<void>): void {
    this.#reloads.push(reload);
  }

  begin(): void {
    this.#isWanted = true;
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopRetry?.();
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      const outcomes = await Promise.allSettled(this.#reloads.map((reload) => reload()));
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          this.#dependencies.onError(outcome.reason);
          this.#stopRetry = this.#dependencies.timers.start(RETRY_MS, () => this.begin());
        }
      }
    }
    this.#isRunning = false;
  }
}
