import type { CarrierRoute, Centre, Operator, Trunk } from '../../domain/centres/index.ts';

/** Everything that is set up of the network: read whole, since it is small. */
export type CentreConfiguration = {
  readonly centres: readonly Centre[];
  readonly trunks: readonly Trunk[];
  readonly operators: readonly Operator[];
};

/** What is to become of the configuration: whole new values by their names, and names that go. */
export type ConfigurationChange = {
  readonly centres: { readonly save: readonly Centre[]; readonly remove: readonly string[] };
  readonly trunks: { readonly save: readonly Trunk[]; readonly remove: readonly string[] };
  readonly operators: { readonly save: readonly Operator[]; readonly remove: readonly string[] };
};

/** Keeps centres, trunks, operators and the routes of carriers (R1). */
export type CentreStore = {
  /** The configuration, and its revision, which every change makes larger. */
  load(): Promise<{ readonly revision: bigint; readonly configuration: CentreConfiguration }>;
  /**
   * Makes all of the change or none of it.
   * @param revision that the change was thought out for
   * @returns the new revision, or undefined where somebody changed something since: read again
   */
  change(revision: bigint, change: ConfigurationChange): Promise<bigint | undefined>;
  /** All routes of all trunks, in batches: there may be millions. */
  routes(): AsyncIterable<readonly CarrierRoute[]>;
  /** The routes of one trunk. */
  routesOf(trunk: string): AsyncIterable<readonly CarrierRoute[]>;
  /**
   * Puts these in the place of all routes of the trunk, at once; no prefix comes twice.
   * @returns how many; undefined where there is no such trunk
   */
  replaceRoutes(trunk: string, routes: AsyncIterable<readonly CarrierRoute[]>): Promise<number | undefined>;
  /** Some routes of a trunk in the order of their prefixes. @param after the last prefix of the page before */
  pageOfRoutes(trunk: string, after: string, limit: number): Promise<readonly CarrierRoute[]>;
};
