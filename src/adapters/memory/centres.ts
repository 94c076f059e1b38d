import type { CarrierRoute } from '../../domain/centres/index.ts';
import type { CentreConfiguration, CentreStore, ConfigurationChange } from '../../services/ports/index.ts';

/** Centres, trunks, operators and routes of carriers, in memory. */
export class MemoryCentres implements CentreStore {
  #revision = 0n;
  #configuration: CentreConfiguration = { centres: [], trunks: [], operators: [] };
  readonly #routes = new Map<string, readonly CarrierRoute[]>();

  async load(): ReturnType<CentreStore['load']> {
    return { revision: this.#revision, configuration: this.#configuration };
  }

  async change(revision: bigint, change: ConfigurationChange): Promise<bigint | undefined> {
    if (revision !== this.#revision) return undefined;
    const { centres, trunks, operators } = this.#configuration;
    this.#configuration = {
      centres: changed(centres, change.centres, ({ code }) => code),
      trunks: changed(trunks, change.trunks, ({ name }) => name),
      operators: changed(operators, change.operators, ({ id }) => id),
    };
    for (const trunk of change.trunks.remove) this.#routes.delete(trunk);
    this.#revision += 1n;
    return this.#revision;
  }

  async *routes(): AsyncGenerator<readonly CarrierRoute[]> {
    for (const [, routes] of this.#routes) yield routes;
  }

  async *routesOf(trunk: string): AsyncGenerator<readonly CarrierRoute[]> {
    yield this.#routes.get(trunk) ?? [];
  }

  async replaceRoutes(
    trunk: string,
    batches: AsyncIterable<readonly CarrierRoute[]>,
  ): Promise<number | undefined> {
    const routes: CarrierRoute[] = [];
    for await (const batch of batches) for (const route of batch) routes.push({ ...route, trunk });
    if (!this.#configuration.trunks.some(({ name }) => name === trunk)) return undefined;
    routes.sort((one, other) => (one.prefix < other.prefix ? -1 : 1));
    this.#routes.set(trunk, routes);
    return routes.length;
  }

  async pageOfRoutes(trunk: string, after: string, limit: number): Promise<readonly CarrierRoute[]> {
    const routes = this.#routes.get(trunk) ?? [];
    return routes.filter(({ prefix }) => prefix > after).slice(0, limit);
  }
}

type Part<Item> = { readonly save: readonly Item[]; readonly remove: readonly string[] };

/** In the order of their names, as the database gives them. */
function changed<Item>(
  before: readonly Item[],
  { save, remove }: Part<Item>,
  nameOf: (item: Item) => string,
) {
  const kept = new Map(before.map((item) => [nameOf(item), item]));
  for (const name of remove) kept.delete(name);
  for (const item of save) kept.set(nameOf(item), structuredClone(item));
  return [...kept].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
}
