import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table idempotent_answers (
      actor_id text collate "C" not null,
      key text collate "C" not null,
      route text not null,
      body_hash text collate "C" not null,
      status integer,
      body text check ((status is null) = (body is null)),
      lease_until_ms bigint not null,
      expires_at_ms bigint not null,
      primary key (actor_id, key)
    )
  `.execute(database);
  await sql`create index idempotent_answers_expired on idempotent_answers (expires_at_ms)`.execute(database);
}
