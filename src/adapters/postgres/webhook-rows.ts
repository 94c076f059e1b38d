import type { Selectable } from 'kysely';
import type { Delivery, WebhookEndpoint, WebhookEvent } from '../../domain/webhooks/index.ts';
import type { WebhookTables } from './webhook-tables.ts';

export type EndpointRow = Selectable<WebhookTables['webhook_endpoints']>;
export type EventRow = Selectable<WebhookTables['webhook_events']>;
export type DeliveryRow = Selectable<WebhookTables['webhook_deliveries']>;

/** The columns of an endpoint that its owner and its attempts change. */
export function endpointColumns(endpoint: WebhookEndpoint) {
  const off = endpoint.state === 'disabled' ? endpoint : undefined;
  return {
    url: endpoint.url,
    topics: [...endpoint.topics],
    description: endpoint.description ?? null,
    secrets: JSON.stringify(endpoint.secrets) as never,
    state: endpoint.state,
    disabled_at_ms: off === undefined ? null : BigInt(off.disabledAtMs),
    disabled_reason: off?.disabledReason ?? null,
    failures: endpoint.failures,
    failing_since_ms: endpoint.failingSinceMs === undefined ? null : BigInt(endpoint.failingSinceMs),
    rest_until_ms: BigInt(endpoint.restUntilMs),
  };
}

export function endpointOf(row: EndpointRow): WebhookEndpoint {
  const endpoint = {
    id: row.id,
    url: row.url,
    topics: row.topics,
    createdAtMs: Number(row.created_at_ms),
    secrets: row.secrets,
    version: row.version,
    failures: row.failures,
    restUntilMs: Number(row.rest_until_ms),
    ...(row.member_id === null ? {} : { memberId: row.member_id }),
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.failing_since_ms === null ? {} : { failingSinceMs: Number(row.failing_since_ms) }),
  };
  if (row.disabled_reason === null) return { ...endpoint, state: 'open' };
  const disabledAtMs = Number(row.disabled_at_ms);
  return { ...endpoint, state: 'disabled', disabledAtMs, disabledReason: row.disabled_reason };
}

export function eventOf(row: EventRow): WebhookEvent {
  return {
    id: row.id,
    topic: row.topic,
    type: row.type,
    occurredAtMs: Number(row.occurred_at_ms),
    ...(row.member_id === null ? {} : { memberId: row.member_id }),
    isForOperators: row.is_for_operators,
    data: row.data,
  };
}

/** The columns of a delivery that its state decides. */
export function deliveryColumns(delivery: Delivery) {
  const pending = delivery.state === 'pending' ? delivery : undefined;
  return {
    state: delivery.state,
    due_at_ms: pending?.dueAtMs ?? 0,
    first_tried_at_ms: pending?.firstTriedAtMs ?? null,
    ended_at_ms: endOf(delivery) ?? null,
    reason: delivery.state === 'given-up' ? delivery.reason : null,
    tries: delivery.tries,
    attempts: JSON.stringify(delivery.attempts),
  };
}

export function deliveryOf(row: Omit<DeliveryRow, 'sequence'>): Delivery {
  const identity = {
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    tries: row.tries,
    attempts: row.attempts,
  };
  const endedAtMs = Number(row.ended_at_ms);
  if (row.state === 'delivered') return { ...identity, state: 'delivered', deliveredAtMs: endedAtMs };
  if (row.reason !== null)
    return { ...identity, state: 'given-up', givenUpAtMs: endedAtMs, reason: row.reason };
  return {
    ...identity,
    state: 'pending',
    dueAtMs: Number(row.due_at_ms),
    ...(row.first_tried_at_ms === null ? {} : { firstTriedAtMs: Number(row.first_tried_at_ms) }),
  };
}

function endOf(delivery: Delivery): number | undefined {
  switch (delivery.state) {
    case 'pending':
      return undefined;
    case 'delivered':
      return delivery.deliveredAtMs;
    case 'given-up':
      return delivery.givenUpAtMs;
  }
}
