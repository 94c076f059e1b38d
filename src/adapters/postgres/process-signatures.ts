import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Clock, ProcessSignatures } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

/** How far the clocks of two machines and the way between them may be apart; what is older may be a replay. */
const WINDOW_MS = 30_000;

/**
 * Signatures that the processes of one database know each other by: HMAC-SHA256 by a secret that is made at the first
 * start and lies in the database, since who can read that is one of us already.
 */
export async function loadProcessSignatures(
  kysely: Kysely<Database>,
  clock: Clock,
): Promise<ProcessSignatures> {
  const fresh = randomBytes(32).toString('base64url');
  await sql`insert into process_secret (secret) values (${fresh}) on conflict do nothing`.execute(kysely);
  const { secret } = await kysely.selectFrom('process_secret').select('secret').executeTakeFirstOrThrow();
  // One key object for all signatures: a raw key is made into one at every use, which costs four times as much.
  const key = createSecretKey(Buffer.from(secret, 'base64url'));
  const digest = (time: string, text: string) => createHmac('sha256', key).update(`${time} ${text}`).digest();
  return {
    sign(text) {
      const time = String(clock.nowMs());
      return `${time}.${digest(time, text).toString('base64url')}`;
    },
    verify(text, signature) {
      const [, time, code] = /^(\d{1,15})\.([\w-]{43})$/.exec(signature) ?? [];
      if (time === undefined || code === undefined) return false;
      if (Math.abs(clock.nowMs() - Number(time)) > WINDOW_MS) return false;
      return timingSafeEqual(digest(time, text), Buffer.from(code, 'base64url'));
    },
  };
}
