import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type ConnectionTarget, connectionConfig, openPool } from './connection.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * Brings the tables up to date. A connection of its own has no statement time-out, since a migration may take
 * long; the migrator's advisory lock lets one process at a time migrate, and the others find nothing to do.
 * @throws DatabaseUnavailable naming the migration that failed; it was rolled back
 */
export async function migrate(target: ConnectionTarget): Promise<void> {
  const pool = openPool({ ...connectionConfig(target), max: 1 }, () => undefined);
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => MIGRATIONS } });
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
    const what =
      failed === undefined ? 'The tables cannot be brought up to date' : `Migration ${failed} failed`;
    throw new DatabaseUnavailable(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    await database.destroy();
  }
}
