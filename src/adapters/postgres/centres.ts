import { type Kysely, sql, type Transaction } from 'kysely';
import type { Centre, Operator, Trunk } from '../../domain/centres/index.ts';
import type { CentreStore, ConfigurationChange } from '../../services/ports/index.ts';
import { carrierRouteRows } from './carrier-route-rows.ts';
import type { Database } from './database-tables.ts';

/** Centres, trunks, operators and the routes of carriers, in PostgreSQL. */
export function createCentreStore(kysely: Kysely<Database>): CentreStore {
  return {
    load: () =>
      // One picture of the database: centres of one revision never meet trunks of another.
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (transaction) => {
          const { revision } = await transaction
            .selectFrom('configuration_revision')
            .select('revision')
            .executeTakeFirstOrThrow();
          const configuration = {
            centres: (await partsOf(transaction, 'centres')) as Centre[],
            trunks: (await partsOf(transaction, 'trunks')) as Trunk[],
            operators: (await partsOf(transaction, 'operators')) as Operator[],
          };
          return { revision, configuration };
        }),

    change: (revision, change) =>
      kysely.transaction().execute(async (transaction) => {
        // The row keeps other changes waiting until this one is done, and then they find another revision.
        const row = await transaction
          .updateTable('configuration_revision')
          .set({ revision: revision + 1n })
          .where('revision', '=', revision)
          .returning('revision')
          .executeTakeFirst();
        if (row !== undefined) await makeChange(transaction, change);
        return row?.revision;
      }),

    ...carrierRouteRows(kysely),
  };
}

type PartTable = 'centres' | 'trunks' | 'operators';

async function partsOf(transaction: Transaction<Database>, table: PartTable): Promise<unknown[]> {
  const rows = await transaction.selectFrom(table).select('body').orderBy('name').execute();
  return rows.map(({ body }) => body);
}

async function makeChange(
  transaction: Transaction<Database>,
  { centres, trunks, operators }: ConfigurationChange,
): Promise<void> {
  const code = ({ code: name }: Centre) => name;
  await changeParts(transaction, 'centres', centres, code);
  await changeParts(transaction, 'trunks', trunks, ({ name }) => name);
  await changeParts(transaction, 'operators', operators, ({ id }) => id);
}

type PartChange<Item> = { readonly save: readonly Item[]; readonly remove: readonly string[] };

async function changeParts<Item>(
  transaction: Transaction<Database>,
  table: PartTable,
  { save, remove }: PartChange<Item>,
  nameOf: (item: Item) => string,
): Promise<void> {
  if (remove.length > 0) await transaction.deleteFrom(table).where('name', 'in', remove).execute();
  if (save.length === 0) return;
  await sql`
    insert into ${sql.table(table)} (name, body)
    select * from unnest(
      ${save.map(nameOf)}::text[],
      ${save.map((item) => JSON.stringify(item))}::json[])
    on conflict (name) do update set body = excluded.body
  `.execute(transaction);
}
