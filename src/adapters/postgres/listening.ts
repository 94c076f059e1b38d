import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ConnectionTarget, connectionConfig } from './connection.ts';

/** What a listener on a channel is told. */
export type ChannelListener = {
  /** Somebody called `pg_notify(channel, payload)`. */
  onNotice(payload: string): void;
  /** The connection was lost and is back: notices may have been missed, so read again what they are about. */
  onGap(): void;
};

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** The one connection on which this process listens, to as many channels as it likes. */
export class Listening {
  readonly #target: ConnectionTarget;
  readonly #warn: (sentence: string) => void;
  readonly #listeners = new Map<string, Set<ChannelListener>>();
  #client: Promise<pg.Client> | undefined;
  /** The connection whose end is a loss; one that fails while it is set up is not. */
  #current: pg.Client | undefined;
  #isClosed = false;

  constructor(target: ConnectionTarget, warn: (sentence: string) => void) {
    this.#target = target;
    this.#warn = warn;
  }

  /** Hears a channel from when this resolves. @returns what ends it */
  async listen(channel: string, listener: ChannelListener): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    this.#client ??= this.#connectFirst();
    await (await this.#client).query(`listen ${pg.escapeIdentifier(channel)}`);
    return async () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#isClosed) return;
      await (await this.#client)?.query(`unlisten ${pg.escapeIdentifier(channel)}`);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.end().catch(() => undefined);
  }

  async #connectFirst(): Promise<pg.Client> {
    try {
      this.#current = await this.#connect();
      return this.#current;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(connectionConfig(this.#target));
    client.on('error', () => undefined);
    client.on('end', () => {
      if (this.#current === client) this.#reconnect();
    });
    client.on('notification', ({ channel, payload }) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener.onNotice(payload ?? '');
    });
    await client.connect();
    return client;
  }

  #reconnect(): void {
    if (this.#isClosed) return;
    this.#client = this.#connectPatiently();
    // A listen that comes in the meantime waits for the same promise; it never rejects while we are open.
    this.#client.catch(() => undefined);
  }

  async #connectPatiently(): Promise<pg.Client> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await sleep(pauseMs);
      if (this.#isClosed) throw new Error('The database was closed.');
      try {
        const client = await this.#connect();
        for (const channel of this.#listeners.keys()) {
          await client.query(`listen ${pg.escapeIdentifier(channel)}`);
        }
        this.#current = client;
        for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.onGap();
        return client;
      } catch (error) {
        this.#warn(`Changes cannot be heard, the database is away: ${String(error)}`);
      }
    }
  }
}
