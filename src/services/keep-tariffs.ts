import {
  type BlockedRow,
  type OpenRow,
  type Tariff,
  TariffTable,
  type TariffVersion,
  versionIdOf,
  versionInForce,
  versionsInForceSince,
} from '../domain/billing/tariffs/index.ts';
import type { Bus, Clock, TariffStore, TariffWithVersions } from './ports/index.ts';

/** What a tariff says of a number at a moment, and in which version. */
export type TariffAnswer =
  | { readonly kind: 'open'; readonly row: OpenRow; readonly versionId: string }
  | { readonly kind: 'blocked'; readonly row: BlockedRow; readonly versionId: string };

export type TariffsDependencies = {
  readonly store: Pick<TariffStore, 'all' | 'find' | 'rows'>;
  readonly bus: Bus;
  readonly clock: Clock;
  /** Is told where a change could not be read; {@link Tariffs.refresh} tries again. */
  readonly onTrouble: (what: string, error: unknown) => void;
};

type Kept = TariffWithVersions & { readonly tables: ReadonlyMap<number, TariffTable> };

/** No call lasts longer, and each is charged by what was in force when it began. */
const KEPT_MS = 24 * 3_600_000;

/**
 * The tariffs as calls ask for them, in memory (R23): the versions of now and of later, so that a version takes effect
 * at its time without anybody doing anything, and for a day those that were in force meanwhile. A change on the bus is a hint, after which the store is read
 * again; until that is done, calls go on with what was known.
 */
export class Tariffs {
  readonly #dependencies: TariffsDependencies;
  readonly #kept = new Map<string, Kept>();
  #stale = new Set<string>();
  #reading: Promise<void> | undefined;

  private constructor(dependencies: TariffsDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Reads all tariffs, and hears of changes from before the first row on.
   * @throws what the store throws at the first reading
   */
  static async load(dependencies: TariffsDependencies): Promise<Tariffs> {
    const tariffs = new Tariffs(dependencies);
    let isLoaded = false;
    dependencies.bus.subscribe((change) => {
      if (change.kind !== 'tariff-changed') return;
      tariffs.#stale.add(change.tariff);
      if (isLoaded) void tariffs.refresh();
    });
    for (const found of await dependencies.store.all()) await tariffs.#keep(found);
    isLoaded = true;
    await tariffs.refresh();
    return tariffs;
  }

  /** The tariff of this name. */
  find(name: string): Tariff | undefined {
    return this.#kept.get(name)?.tariff;
  }

  /**
   * What calls to a number cost by a tariff, at a moment since the start, of the last day, or a later one.
   * @param number digits of E.164 without `+`, or as `numberAtOperator` writes it
   * @returns undefined where the tariff says nothing of it, which is not a price of nothing
   */
  rowFor(tariffName: string, number: string, atMs: number): TariffAnswer | undefined {
    const kept = this.#kept.get(tariffName);
    const version = kept && versionInForce(kept.versions, atMs);
    const row = version && kept.tables.get(version.number)?.rowFor(number, atMs);
    if (row === undefined || version === undefined) return undefined;
    const versionId = versionIdOf(version);
    return row.status === 'open' ? { kind: 'open', row, versionId } : { kind: 'blocked', row, versionId };
  }

  /** Reads what has changed and was not read yet, and forgets versions that no call asks for any more. */
  refresh(): Promise<void> {
    this.#reading ??= this.#readStale();
    return this.#reading;
  }

  /** Reads all of it again: where changes may have been missed. Versions that are known are not read again. */
  async reload(): Promise<void> {
    const all = await this.#dependencies.store.all();
    for (const name of [...this.#kept.keys(), ...all.map(({ tariff }) => tariff.name)]) this.#stale.add(name);
    await this.refresh();
  }

  async #readStale(): Promise<void> {
    // Begun a step later, so that its end, in one step with the last look at what is stale, is after its beginning.
    await Promise.resolve();
    this.#forget();
    while (this.#stale.size > 0) {
      if (!(await this.#readOnce())) break;
    }
    this.#reading = undefined;
  }

  /** Reads what is stale at this moment. @returns whether that worked */
  async #readOnce(): Promise<boolean> {
    const stale = this.#stale;
    // What changes from here on may come after its versions were read, and is read once more.
    this.#stale = new Set();
    try {
      for (const name of stale) {
        const found = await this.#dependencies.store.find(name);
        if (found !== undefined) await this.#keep(found);
        stale.delete(name);
      }
      return true;
    } catch (error) {
      for (const name of stale) this.#stale.add(name);
      this.#dependencies.onTrouble('a change of a tariff could not be read', error);
      return false;
    }
  }

  /** Reads the rows of those versions that are not known yet; only then all of it is there, at once. */
  async #keep({ tariff, versions }: TariffWithVersions): Promise<void> {
    const known = this.#kept.get(tariff.name)?.tables;
    const tables = new Map<number, TariffTable>();
    for (const version of versionsInForceSince(versions, this.#dependencies.clock.nowMs())) {
      tables.set(version.number, known?.get(version.number) ?? (await this.#tableOf(version)));
    }
    for (const { number } of this.#recent(versions)) {
      const table = known?.get(number);
      if (table !== undefined) tables.set(number, table);
    }
    this.#kept.set(tariff.name, { tariff, versions, tables });
  }

  async #tableOf(version: TariffVersion): Promise<TariffTable> {
    const table = new TariffTable();
    for await (const batch of this.#dependencies.store.rows(version)) {
      for (const row of batch) table.add(row);
    }
    return table;
  }

  /** Those that calls under way may ask for; a process that starts has no such calls, and does not read them. */
  #recent(versions: readonly TariffVersion[]): readonly TariffVersion[] {
    return versionsInForceSince(versions, this.#dependencies.clock.nowMs() - KEPT_MS);
  }

  #forget(): void {
    for (const [name, kept] of this.#kept) {
      const needed = new Set(this.#recent(kept.versions).map(({ number }) => number));
      const tables = new Map([...kept.tables].filter(([number]) => needed.has(number)));
      if (tables.size < kept.tables.size) this.#kept.set(name, { ...kept, tables });
    }
  }
}
