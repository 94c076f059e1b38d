import { type Kysely, sql } from 'kysely';
import type { WebhookEvent } from '../../domain/webhooks/index.ts';
import type { Database } from './database-tables.ts';

/**
 * Records events for the open endpoints that hear of them: as part of the caller's transaction, so that what happened
 * and what is told of it are kept together or not at all. Events that nobody hears are not kept. An event that is
 * recorded again under its id is the one that is there.
 * @param kysely the transaction, or the database where nothing else is to be kept
 */
export async function insertEvents(kysely: Kysely<Database>, events: readonly WebhookEvent[]): Promise<void> {
  if (events.length === 0) return;
  // The rule of `hears`.
  await sql`
    with given as (
      select * from unnest(
        ${events.map(({ id }) => id)}::text[],
        ${events.map(({ topic }) => topic)}::text[],
        ${events.map(({ type }) => type)}::text[],
        ${events.map(({ occurredAtMs }) => occurredAtMs)}::bigint[],
        ${events.map(({ memberId }) => memberId)}::text[],
        ${events.map(({ isForOperators }) => isForOperators)}::boolean[],
        ${events.map(({ data }) => JSON.stringify(data))}::text[]::json[])
        with ordinality as event (id, topic, type, occurred_at_ms, member_id, is_for_operators, data, place)),
    heard as (
      select given.id as event_id, endpoint.id as endpoint_id, min(given.place) as place
      from given join webhook_endpoints as endpoint
        on endpoint.state = 'open' and given.topic = any(endpoint.topics)
        and case when endpoint.member_id is null then given.is_for_operators
          else endpoint.member_id = given.member_id end
      group by 1, 2),
    kept as (
      insert into webhook_events (id, topic, type, occurred_at_ms, member_id, is_for_operators, data)
      select id, topic, type, occurred_at_ms, member_id, is_for_operators, data from given
      where id in (select event_id from heard) order by id
      on conflict (id) do nothing
      returning id)
    insert into webhook_deliveries (event_id, endpoint_id)
    select event_id, endpoint_id from heard join kept on kept.id = heard.event_id order by place
  `.execute(kysely);
}

/** Whether an open endpoint hears of a topic. */
export async function isHeard(kysely: Kysely<Database>, topic: WebhookEvent['topic']): Promise<boolean> {
  const { rows } = await sql<{ readonly heard: boolean }>`
    select exists (select from webhook_endpoints where state = 'open' and ${topic} = any(topics)) as heard
  `.execute(kysely);
  return rows[0]?.heard === true;
}
