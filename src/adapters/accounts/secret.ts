import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

/**
 * The secret that signs session cookies, made at the first start and the same for every process on this database.
 * It lies beside the sessions themselves: who can read the one can use the others, so a place of its own would
 * protect nothing, and would be one more thing to keep.
 */
export async function loadSignInSecret(database: Kysely<unknown>): Promise<string> {
  const fresh = randomBytes(32).toString('base64url');
  await sql`insert into sign_in_secret (secret) values (${fresh}) on conflict do nothing`.execute(database);
  const { rows } = await sql<{ secret: string }>`select secret from sign_in_secret`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error('the sign-in secret was not kept');
  return row.secret;
}
