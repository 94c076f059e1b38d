import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { SignInOptions } from './sign-in.ts';

/**
 * The secret that signs session cookies, made at the first start and the same for every process on this database.
 * It lies beside the sessions themselves: who can read the one can use the others, so a place of its own would
 * protect nothing, and would be one more thing to keep.
 */
export async function loadSignInSecret<Tables>(database: Kysely<Tables>): Promise<string> {
  const fresh = randomBytes(32).toString('base64url');
  await sql`insert into sign_in_secret (secret) values (${fresh}) on conflict do nothing`.execute(database);
  const { rows } = await sql<{ secret: string }>`select secret from sign_in_secret`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error('the sign-in secret was not kept');
  return row.secret;
}

/** Where sign-in keeps its users, and the secret of its cookies, on the service's own database. */
export async function openSignInStorage<Tables>(
  database: Kysely<Tables>,
): Promise<Pick<SignInOptions, 'storage' | 'secret'>> {
  const secret = await loadSignInSecret(database);
  return { storage: { db: database, type: 'postgres', transaction: true }, secret };
}
