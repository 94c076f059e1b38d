import { type Kysely, type Selectable, sql } from 'kysely';
import type { Currency } from '../../domain/billing/index.ts';
import type { CarrierRoute } from '../../domain/centres/index.ts';
import type { CentreStore } from '../../services/ports/index.ts';
import type { CentreTables } from './centre-tables.ts';
import type { Database } from './database-tables.ts';

type RouteRows = Pick<CentreStore, 'pageOfRoutes' | 'replaceRoutes' | 'routes' | 'routesOf'>;

/** So many rows come at a time. */
const BATCH = 20_000;

/** Names one lock of the database for each trunk: its routes are replaced by one at a time. */
const ROUTES_LOCK = 3_000_001;

/** The routes of carriers, of which there may be millions: written and read in batches (ADR 0123). */
export function carrierRouteRows(kysely: Kysely<Database>): RouteRows {
  const routesOf = async function* (trunk: string) {
    for (let after = ''; ; ) {
      const routes = await pageOf(kysely, trunk, after, BATCH);
      yield routes;
      const last = routes.at(-1);
      if (last === undefined || routes.length < BATCH) return;
      after = last.prefix;
    }
  };
  return {
    routesOf,

    async *routes() {
      const trunks = await kysely.selectFrom('trunks').select('name').orderBy('name').execute();
      for (const { name } of trunks) yield* routesOf(name);
    },

    pageOfRoutes: (trunk, after, limit) => pageOf(kysely, trunk, after, limit),

    replaceRoutes: (trunk, batches) =>
      kysely.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${ROUTES_LOCK}, hashtext(${trunk}))`.execute(transaction);
        const there = await transaction
          .selectFrom('trunks')
          .select('name')
          .where('name', '=', trunk)
          .forKeyShare()
          .executeTakeFirst();
        if (there === undefined) return undefined;
        await transaction.deleteFrom('carrier_routes').where('trunk', '=', trunk).execute();
        let count = 0;
        for await (const batch of batches) {
          for (let from = 0; from < batch.length; from += BATCH) {
            await insertion(trunk, batch.slice(from, from + BATCH)).execute(transaction);
          }
          count += batch.length;
        }
        return count;
      }),
  };
}

async function pageOf(
  kysely: Kysely<Database>,
  trunk: string,
  after: string,
  limit: number,
): Promise<readonly CarrierRoute[]> {
  const rows = await kysely
    .selectFrom('carrier_routes')
    .selectAll()
    .where('trunk', '=', trunk)
    .where('prefix', '>', after)
    .orderBy('prefix')
    .limit(limit)
    .execute();
  return rows.map(routeOf);
}

function insertion(trunk: string, routes: readonly CarrierRoute[]) {
  return sql`
    insert into carrier_routes (trunk, prefix, cost_micros, currency, priority, weight)
    select ${trunk}, * from unnest(
      ${routes.map(({ prefix }) => prefix)}::text[],
      ${routes.map(({ costPerMinute }) => costPerMinute)}::bigint[],
      ${routes.map(({ currency }) => currency)}::text[],
      ${routes.map(({ priority }) => priority)}::integer[],
      ${routes.map(({ weight }) => weight)}::integer[])
  `;
}

function routeOf(row: Selectable<CentreTables['carrier_routes']>): CarrierRoute {
  return {
    trunk: row.trunk,
    prefix: row.prefix,
    costPerMinute: row.cost_micros,
    currency: row.currency as Currency,
    priority: row.priority,
    weight: row.weight,
  };
}
