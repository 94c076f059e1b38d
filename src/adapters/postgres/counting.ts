import { type Kysely, sql } from 'kysely';
import type { Database } from './database-tables.ts';

/** A month of a million charges is counted in seconds; on a busy machine in more than other queries may take. */
const COUNTING_TIMEOUT_MS = 300_000;

/** Does within a transaction what counts many charges, and takes longer than others. */
export async function counting<Counted>(
  kysely: Kysely<Database>,
  count: (transaction: Kysely<Database>) => Promise<Counted>,
): Promise<Counted> {
  return kysely.transaction().execute(async (transaction) => {
    await sql`select set_config('statement_timeout', ${String(COUNTING_TIMEOUT_MS)}, true)`.execute(
      transaction,
    );
    return count(transaction);
  });
}
