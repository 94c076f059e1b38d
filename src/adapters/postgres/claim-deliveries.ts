import { type Kysely, sql } from 'kysely';
import type { ClaimedDeliveries, ClaimLimits, EventDelivery } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import {
  type DeliveryRow,
  deliveryOf,
  type EndpointRow,
  type EventRow,
  endpointOf,
  eventOf,
} from './webhook-rows.ts';

/** A delivery with its event; what both have is the event's. */
export type DueRow = EventRow & DeliveryRow;

/**
 * Claims endpoints for one process: one sends to an endpoint at a time, so that events stay in order. The lock is one
 * that leaves others free to record deliveries, whose foreign key wants the endpoint to stay.
 */
export async function claimDeliveries(
  kysely: Kysely<Database>,
  { nowMs, leaseMs, endpoints, deliveries }: ClaimLimits,
): Promise<readonly ClaimedDeliveries[]> {
  const { rows } = await sql<EndpointRow>`
    with free as (
      select id from webhook_endpoints as endpoint
      where state = 'open' and rest_until_ms <= ${nowMs}
        and (lease is null or lease_until <= clock_timestamp())
        and exists (
          select from webhook_deliveries
          where endpoint_id = endpoint.id and state = 'pending' and due_at_ms <= ${nowMs})
      order by lease_until nulls first limit ${endpoints}
      for no key update skip locked)
    update webhook_endpoints as endpoint
    set lease = gen_random_uuid(), lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from free where endpoint.id = free.id
    returning endpoint.*
  `.execute(kysely);
  return Promise.all(
    rows.map(async (row) => ({
      endpoint: endpointOf(row),
      lease: row.lease ?? '',
      due: await dueOf(kysely, row.id, nowMs, deliveries),
    })),
  );
}

async function dueOf(
  kysely: Kysely<Database>,
  endpointId: string,
  nowMs: number,
  limit: number,
): Promise<readonly EventDelivery[]> {
  const { rows } = await sql<DueRow>`
    select webhook_events.*, due.* from webhook_deliveries as due join webhook_events on id = event_id
    where endpoint_id = ${endpointId} and state = 'pending' and due_at_ms <= ${nowMs}
    order by sequence limit ${limit}
  `.execute(kysely);
  return rows.map(eventDeliveryOf);
}

export function eventDeliveryOf(row: DueRow): EventDelivery {
  return { delivery: deliveryOf(row), event: eventOf(row) };
}
