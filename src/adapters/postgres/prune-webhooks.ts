import { type Kysely, sql } from 'kysely';
import type { PruneLimits } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

/** The most that is forgotten in one go, so that no statement takes long; the next round goes on. */
const MOST_FORGOTTEN = 50_000;

/** Forgets what ended long ago, and gives up what waits in vain. @returns how many an endpoint's queue lost */
export async function pruneWebhooks(
  kysely: Kysely<Database>,
  { nowMs, endedBeforeMs, mostWaiting }: PruneLimits,
): Promise<ReadonlyMap<string, number>> {
  await forget(kysely, endedBeforeMs);
  // Recorded in the moment in which it was switched off.
  await sql`
    update webhook_deliveries set state = 'given-up', ended_at_ms = ${nowMs}, reason = 'endpoint-disabled'
    from webhook_endpoints where id = endpoint_id and webhook_endpoints.state = 'disabled'
      and webhook_deliveries.state = 'pending'
  `.execute(kysely);
  const { rows } = await sql<{ readonly endpoint_id: string; readonly count: bigint }>`
    with full_queues as (
      select endpoint_id, count(*) as waiting from webhook_deliveries where state = 'pending'
      group by endpoint_id having count(*) > ${mostWaiting}),
    surplus as (
      select oldest.event_id, oldest.endpoint_id from full_queues cross join lateral (
        select event_id, endpoint_id from webhook_deliveries as each
        where each.endpoint_id = full_queues.endpoint_id and state = 'pending'
        order by sequence limit full_queues.waiting - ${mostWaiting}) as oldest),
    given_up as (
      update webhook_deliveries as each set state = 'given-up', ended_at_ms = ${nowMs}, reason = 'queue-full'
      from surplus where each.event_id = surplus.event_id and each.endpoint_id = surplus.endpoint_id
        and state = 'pending'
      returning each.endpoint_id)
    select endpoint_id, count(*) from given_up group by endpoint_id
  `.execute(kysely);
  return new Map(rows.map(({ endpoint_id, count }) => [endpoint_id, Number(count)]));
}

/** An event goes with the last of its deliveries; one whose endpoints were removed goes with the next that is old. */
async function forget(kysely: Kysely<Database>, endedBeforeMs: number): Promise<void> {
  await sql`
    delete from webhook_deliveries where (event_id, endpoint_id) in (
      select event_id, endpoint_id from webhook_deliveries where ended_at_ms < ${endedBeforeMs}
      limit ${MOST_FORGOTTEN})
  `.execute(kysely);
  await sql`
    delete from webhook_events where id in (
      select id from webhook_events where occurred_at_ms < ${endedBeforeMs}
        and not exists (select from webhook_deliveries where event_id = id) limit ${MOST_FORGOTTEN})
  `.execute(kysely);
}
