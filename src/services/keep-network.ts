import { CarrierTable, CentreNetwork, PrefixTable } from '../domain/centres/index.ts';
import type { Bus, CentreStore, DirectoryChange } from './ports/index.ts';

type Stale = { configuration: boolean; readonly trunks: Set<string> };

/**
 * The network as calls ask for it, in memory: centres, trunks, operators and the routes of carriers (R1). A change on
 * the bus is a hint, after which the store is read again; until that is done, calls go on with what was known.
 */
export class Network {
  readonly #store: CentreStore;
  readonly #onTrouble: (what: string, error: unknown) => void;
  readonly #carriers = new CarrierTable();
  readonly #listeners: ((network: CentreNetwork) => void)[] = [];
  #network = new CentreNetwork({ centres: [], trunks: [], operators: [] }, this.#carriers);
  #stale: Stale = { configuration: false, trunks: new Set() };
  #reading: Promise<void> | undefined;

  private constructor(store: CentreStore, onTrouble: (what: string, error: unknown) => void) {
    this.#store = store;
    this.#onTrouble = onTrouble;
  }

  /**
   * Reads everything, and hears of changes from before the first row on.
   * @param onTrouble is told where a change could not be read; {@link refresh} tries again
   * @throws what the store throws at the first reading
   */
  static async load(
    store: CentreStore,
    bus: Bus,
    onTrouble: (what: string, error: unknown) => void,
  ): Promise<Network> {
    const network = new Network(store, onTrouble);
    let isLoaded = false;
    bus.subscribe((change) => {
      network.#note(change);
      if (isLoaded) void network.refresh();
    });
    await network.#readConfiguration();
    await network.#readAllRoutes();
    isLoaded = true;
    await network.refresh();
    return network;
  }

  /** The network at this moment. */
  current(): CentreNetwork {
    return this.#network;
  }

  /** Is told each time centres, trunks or operators have changed; routes change within the network. */
  onChange(listener: (network: CentreNetwork) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads what has changed and was not read yet. @returns when nothing is left that could be read */
  refresh(): Promise<void> {
    this.#reading ??= this.#readStale();
    return this.#reading;
  }

  /** Reads all of it again: where changes may have been missed. */
  async reload(): Promise<void> {
    this.#stale.configuration = true;
    const { configuration } = await this.#store.load();
    for (const { name } of configuration.trunks) this.#stale.trunks.add(name);
    await this.refresh();
  }

  #note(change: DirectoryChange): void {
    if (change.kind === 'configuration-changed') this.#stale.configuration = true;
    if (change.kind === 'routes-changed') this.#stale.trunks.add(change.trunk);
  }

  async #readStale(): Promise<void> {
    // Begun a step later, so that its end, in one step with the last look at what is stale, is after its beginning.
    await Promise.resolve();
    while (this.#stale.configuration || this.#stale.trunks.size > 0) {
      if (!(await this.#readOnce())) break;
    }
    this.#reading = undefined;
  }

  /** Reads what is stale at this moment. @returns whether that worked */
  async #readOnce(): Promise<boolean> {
    const stale = this.#stale;
    // What changes from here on may come after its row was read, and is read once more.
    this.#stale = { configuration: false, trunks: new Set() };
    try {
      if (stale.configuration) await this.#readConfiguration();
      stale.configuration = false;
      for (const trunk of stale.trunks) {
        await this.#readRoutes(trunk);
        stale.trunks.delete(trunk);
      }
      return true;
    } catch (error) {
      this.#stale.configuration ||= stale.configuration;
      for (const trunk of stale.trunks) this.#stale.trunks.add(trunk);
      this.#onTrouble('a change of centres, trunks or routes could not be read', error);
      return false;
    }
  }

  async #readConfiguration(): Promise<void> {
    const { configuration } = await this.#store.load();
    const names = new Set(configuration.trunks.map(({ name }) => name));
    for (const { name } of this.#network.trunks) {
      if (!names.has(name)) this.#carriers.replace(name, undefined);
    }
    this.#network = new CentreNetwork(configuration, this.#carriers);
    for (const listener of this.#listeners) listener(this.#network);
  }

  async #readRoutes(trunk: string): Promise<void> {
    const table = new PrefixTable();
    for await (const batch of this.#store.routesOf(trunk)) for (const route of batch) table.set(route);
    this.#carriers.replace(trunk, table.size === 0 ? undefined : table);
  }

  async #readAllRoutes(): Promise<void> {
    for await (const batch of this.#store.routes()) for (const route of batch) this.#carriers.add(route);
  }
}
