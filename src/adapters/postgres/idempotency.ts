import { type Kysely, sql } from 'kysely';
import type { IdempotencyClaim, IdempotencyStore, IdempotentRequest } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

/** Answers to requests that must not be carried out twice, in PostgreSQL. */
export function createIdempotencyStore(kysely: Kysely<Database>): IdempotencyStore {
  return {
    async claim(request, nowMs, leaseUntilMs, expiresAtMs) {
      for (;;) {
        if (await insertClaim(kysely, request, nowMs, leaseUntilMs, expiresAtMs)) return { kind: 'first' };
        const known = await readClaim(kysely, request);
        // It was abandoned or forgotten between the two statements: then it is ours to claim.
        if (known !== undefined) return known;
      }
    },
    async finish({ actorId, key }, { status, body }) {
      await kysely
        .updateTable('idempotent_answers')
        .set({ status, body })
        .where('actor_id', '=', actorId)
        .where('key', '=', key)
        .execute();
    },
    async abandon({ actorId, key }) {
      await kysely
        .deleteFrom('idempotent_answers')
        .where('actor_id', '=', actorId)
        .where('key', '=', key)
        .where('status', 'is', null)
        .execute();
    },
    async prune(nowMs) {
      const { numDeletedRows } = await kysely
        .deleteFrom('idempotent_answers')
        .where('expires_at_ms', '<=', BigInt(nowMs))
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

/** Takes the key where it is new, has expired, or belongs to the same request whose process has died. */
async function insertClaim(
  kysely: Kysely<Database>,
  { actorId, key, route, bodyHash }: IdempotentRequest,
  nowMs: number,
  leaseUntilMs: number,
  expiresAtMs: number,
): Promise<boolean> {
  const { rows } = await sql`
    insert into idempotent_answers as known (actor_id, key, route, body_hash, lease_until_ms, expires_at_ms)
    values (${actorId}, ${key}, ${route}, ${bodyHash}, ${leaseUntilMs}, ${expiresAtMs})
    on conflict (actor_id, key) do update
    set route = excluded.route, body_hash = excluded.body_hash, status = null, body = null,
      lease_until_ms = excluded.lease_until_ms, expires_at_ms = excluded.expires_at_ms
    where known.expires_at_ms <= ${nowMs} or (known.status is null and known.lease_until_ms <= ${nowMs}
      and known.route = excluded.route and known.body_hash = excluded.body_hash)
    returning key
  `.execute(kysely);
  return rows.length > 0;
}

async function readClaim(
  kysely: Kysely<Database>,
  { actorId, key, route, bodyHash }: IdempotentRequest,
): Promise<IdempotencyClaim | undefined> {
  const row = await kysely
    .selectFrom('idempotent_answers')
    .select(['route', 'body_hash', 'status', 'body'])
    .where('actor_id', '=', actorId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.route !== route || row.body_hash !== bodyHash) return { kind: 'reused' };
  if (row.status === null || row.body === null) return { kind: 'in-flight' };
  return { kind: 'answered', answer: { status: row.status, body: row.body } };
}
