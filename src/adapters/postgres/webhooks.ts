import { type Kysely, sql, type Transaction } from 'kysely';
import type { Delivery, EndpointEffect, WebhookEndpoint } from '../../domain/webhooks/index.ts';
import type { WebhookStore } from '../../services/ports/index.ts';
import { claimDeliveries, type DueRow, eventDeliveryOf } from './claim-deliveries.ts';
import type { Database } from './database-tables.ts';
import { insertEvents } from './insert-events.ts';
import { pruneWebhooks } from './prune-webhooks.ts';
import { deliveryColumns, endpointColumns, endpointOf } from './webhook-rows.ts';

/** Endpoints, the events they hear, and how far each is on its way, in PostgreSQL. */
export function createWebhookStore(kysely: Kysely<Database>): WebhookStore {
  return {
    ...endpointsOf(kysely),
    ...workOf(kysely),
    ...logOf(kysely),
    record: (events) => insertEvents(kysely, events),
    prune: (limits) => pruneWebhooks(kysely, limits),
  };
}

function endpointsOf(
  kysely: Kysely<Database>,
): Pick<WebhookStore, 'add' | 'find' | 'list' | 'change' | 'remove'> {
  return {
    async add(endpoint, most) {
      const owner = endpoint.memberId ?? null;
      return kysely.transaction().execute(async (transaction) => {
        // Two at once of one owner are counted one after the other.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks of ${owner}`}, 0))`.execute(
          transaction,
        );
        const { rows } = await sql<{ readonly count: bigint }>`
          select count(*) from webhook_endpoints where member_id is not distinct from ${owner}::text
        `.execute(transaction);
        if (Number(rows[0]?.count) >= most) return 'too-many';
        await transaction
          .insertInto('webhook_endpoints')
          .values({
            id: endpoint.id,
            member_id: owner,
            created_at_ms: BigInt(endpoint.createdAtMs),
            version: endpoint.version,
            ...endpointColumns(endpoint),
          })
          .execute();
        return 'added';
      });
    },
    async find(id) {
      const row = await kysely
        .selectFrom('webhook_endpoints')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row && endpointOf(row);
    },
    async list({ memberId, before, limit }) {
      let query = kysely.selectFrom('webhook_endpoints').selectAll().orderBy('id', 'desc').limit(limit);
      if (memberId !== undefined) query = query.where('member_id', '=', memberId);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(endpointOf);
    },
    change: (before, after, effects, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const changed = await transaction
          .updateTable('webhook_endpoints')
          .set({ ...endpointColumns(after), version: before.version + 1 })
          .where('id', '=', before.id)
          .where('version', '=', before.version)
          .returning('id')
          .executeTakeFirst();
        if (changed === undefined) return false;
        await perform(transaction, before.id, effects, nowMs);
        return true;
      }),
    async remove(id) {
      const removed = await kysely
        .deleteFrom('webhook_endpoints')
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      return removed !== undefined;
    },
  };
}

function workOf(kysely: Kysely<Database>): Pick<WebhookStore, 'claim' | 'keep' | 'release'> {
  return {
    claim: (limits) => claimDeliveries(kysely, limits),
    keep: ({ endpoint, lease }, after, effects, deliveries, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        await updatePending(transaction, deliveries);
        if (isAsItWas(endpoint, after) && effects.length === 0) return;
        const changed = await transaction
          .updateTable('webhook_endpoints')
          .set(endpointColumns(after))
          .where('id', '=', endpoint.id)
          .where('version', '=', endpoint.version)
          .where('lease', '=', lease)
          .returning('id')
          .executeTakeFirst();
        if (changed !== undefined) await perform(transaction, endpoint.id, effects, nowMs);
      }),
    async release({ endpoint, lease }) {
      // The time of the turn stays, so that others have theirs first.
      await sql`
        update webhook_endpoints set lease = null, lease_until = clock_timestamp()
        where id = ${endpoint.id} and lease = ${lease}
      `.execute(kysely);
    },
  };
}

function logOf(
  kysely: Kysely<Database>,
): Pick<WebhookStore, 'delivery' | 'deliveries' | 'recordFor' | 'replay' | 'replayGivenUp'> {
  return {
    async delivery(endpointId, eventId) {
      const { rows } = await sql<DueRow>`
        select webhook_events.*, each.* from webhook_deliveries as each join webhook_events on id = event_id
        where endpoint_id = ${endpointId} and event_id = ${eventId}
      `.execute(kysely);
      return rows[0] && eventDeliveryOf(rows[0]);
    },
    async deliveries({ endpointId, state, before, limit }) {
      const { rows } = await sql<DueRow>`
        select webhook_events.*, each.* from webhook_deliveries as each join webhook_events on id = event_id
        where endpoint_id = ${endpointId} and (${state ?? null}::text is null or state = ${state ?? null}::text)
          and (${before ?? null}::bigint is null or sequence < ${before ?? null}::bigint)
        order by sequence desc limit ${limit}
      `.execute(kysely);
      return rows.map((row) => ({ ...eventDeliveryOf(row), cursor: String(row.sequence) }));
    },
    recordFor: (endpointId, event) =>
      kysely.transaction().execute(async (transaction) => {
        const { rows } = await sql`
          insert into webhook_events (id, topic, type, occurred_at_ms, member_id, is_for_operators, data)
          values (${event.id}, ${event.topic}, ${event.type}, ${event.occurredAtMs}, ${event.memberId ?? null},
            ${event.isForOperators}, ${JSON.stringify(event.data)})
          on conflict (id) do nothing returning id
        `.execute(transaction);
        if (rows.length === 0) return;
        await sql`
          insert into webhook_deliveries (event_id, endpoint_id)
          select ${event.id}, id from webhook_endpoints where id = ${endpointId}
        `.execute(transaction);
      }),
    async replay(delivery) {
      await sql`
        update webhook_deliveries
        set state = 'pending', due_at_ms = ${deliveryColumns(delivery).due_at_ms}, first_tried_at_ms = null,
          ended_at_ms = null, reason = null
        where endpoint_id = ${delivery.endpointId} and event_id = ${delivery.eventId}
      `.execute(kysely);
    },
    async replayGivenUp(endpointId, sinceMs, nowMs) {
      const { numAffectedRows } = await sql`
        update webhook_deliveries
        set state = 'pending', due_at_ms = ${nowMs}, first_tried_at_ms = null, ended_at_ms = null, reason = null
        where endpoint_id = ${endpointId} and state = 'given-up' and ended_at_ms >= ${sinceMs}
      `.execute(kysely);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

/** What came of attempts; what is not pending any more was decided by somebody else. */
async function updatePending(
  transaction: Transaction<Database>,
  deliveries: readonly Delivery[],
): Promise<void> {
  const columns = deliveries.map((delivery) => ({
    event_id: delivery.eventId,
    endpoint_id: delivery.endpointId,
    ...deliveryColumns(delivery),
  }));
  await sql`
    update webhook_deliveries as kept
    set state = tried.state, due_at_ms = tried.due_at_ms, first_tried_at_ms = tried.first_tried_at_ms,
      ended_at_ms = tried.ended_at_ms, reason = tried.reason, tries = tried.tries, attempts = tried.attempts
    from unnest(
      ${columns.map((each) => each.event_id)}::text[],
      ${columns.map((each) => each.endpoint_id)}::text[],
      ${columns.map((each) => each.state)}::text[],
      ${columns.map((each) => each.due_at_ms)}::bigint[],
      ${columns.map((each) => each.first_tried_at_ms)}::bigint[],
      ${columns.map((each) => each.ended_at_ms)}::bigint[],
      ${columns.map((each) => each.reason)}::text[],
      ${columns.map((each) => each.tries)}::integer[],
      ${columns.map((each) => each.attempts)}::text[]::json[])
      as tried (event_id, endpoint_id, state, due_at_ms, first_tried_at_ms, ended_at_ms, reason, tries, attempts)
    where kept.event_id = tried.event_id and kept.endpoint_id = tried.endpoint_id and kept.state = 'pending'
  `.execute(transaction);
}

async function perform(
  transaction: Transaction<Database>,
  endpointId: string,
  effects: readonly EndpointEffect[],
  nowMs: number,
): Promise<void> {
  for (const { kind } of effects) {
    if (kind === 'give-up-waiting') {
      await sql`
        update webhook_deliveries set state = 'given-up', ended_at_ms = ${nowMs}, reason = 'endpoint-disabled'
        where endpoint_id = ${endpointId} and state = 'pending'
      `.execute(transaction);
    }
    if (kind === 'hurry-waiting') {
      await sql`
        update webhook_deliveries set due_at_ms = ${nowMs}
        where endpoint_id = ${endpointId} and state = 'pending' and due_at_ms > ${nowMs}
      `.execute(transaction);
    }
  }
}

/** Most attempts succeed, and change nothing of how the endpoint fares. */
function isAsItWas(before: WebhookEndpoint, after: WebhookEndpoint): boolean {
  return (
    before.state === after.state &&
    before.failures === after.failures &&
    before.failingSinceMs === after.failingSinceMs &&
    before.restUntilMs === after.restUntilMs
  );
}
