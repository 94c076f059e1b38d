import { type Kysely, sql } from 'kysely';

/**
 * The tables of sign-in as better-auth expects them, by one of the service's own migrations, so that there is one
 * order and one lock for all of them.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table sign_in_users (
      id text primary key,
      name text not null,
      email text not null unique,
      email_verified boolean not null,
      image text,
      created_at timestamptz not null default current_timestamp,
      updated_at timestamptz not null default current_timestamp
    )`.execute(database);
  await sql`
    create table sign_in_sessions (
      id text primary key,
      expires_at timestamptz not null,
      token text not null unique,
      created_at timestamptz not null default current_timestamp,
      updated_at timestamptz not null,
      ip_address text,
      user_agent text,
      user_id text not null references sign_in_users (id) on delete cascade
    )`.execute(database);
  await sql`create index sign_in_sessions_user_id_idx on sign_in_sessions (user_id)`.execute(database);
  await sql`
    create table sign_in_credentials (
      id text primary key,
      account_id text not null,
      provider_id text not null,
      user_id text not null references sign_in_users (id) on delete cascade,
      access_token text,
      refresh_token text,
      id_token text,
      access_token_expires_at timestamptz,
      refresh_token_expires_at timestamptz,
      scope text,
      password text,
      created_at timestamptz not null default current_timestamp,
      updated_at timestamptz not null
    )`.execute(database);
  await sql`create index sign_in_credentials_user_id_idx on sign_in_credentials (user_id)`.execute(database);
  await sql`
    create table sign_in_verifications (
      id text primary key,
      identifier text not null,
      value text not null,
      expires_at timestamptz not null,
      created_at timestamptz not null default current_timestamp,
      updated_at timestamptz not null default current_timestamp
    )`.execute(database);
  await sql`create index sign_in_verifications_identifier_idx on sign_in_verifications (identifier)`.execute(
    database,
  );
  await sql`
    create table sign_in_secret (
      only_row boolean primary key default true check (only_row),
      secret text not null
    )`.execute(database);
}
