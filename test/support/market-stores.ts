import { afterEach, describe } from 'vitest';
import { createMemoryStores, type MarketAndMemberStores } from '../../src/adapters/memory/index.ts';
import { createMarketAndMemberStores, type OpenDatabase } from '../../src/adapters/postgres/index.ts';
import { DATABASES, describeDatabase } from './databases.ts';

/** Empty stores of sale and membership. */
export type OpenStores = () => Promise<MarketAndMemberStores>;

/** Runs a contract on the stores in memory and on those of every database, each test with empty ones. */
export function describeStores(title: string, contract: (open: OpenStores) => void): void {
  describe(`${title} (memory)`, () => contract(async () => createMemoryStores()));
  for (const server of DATABASES) {
    describeDatabase(server, title, (fresh) => {
      const opened: OpenDatabase[] = [];
      // A server has few connections, and every open database keeps some.
      afterEach(async () => {
        await Promise.all(opened.splice(0).map((database) => database.close()));
      });
      contract(async () => {
        const database = await fresh();
        opened.push(database);
        return createMarketAndMemberStores(database.kysely);
      });
    });
  }
}
