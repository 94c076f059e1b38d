import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table members (
      id text collate "C" primary key,
      kind text collate "C" not null check (kind in ('individual', 'enterprise')),
      name text not null,
      address text not null,
      document_reference text,
      language text collate "C" not null check (language in ('ko', 'en', 'ja')),
      email text not null,
      reachable_number text collate "C" not null,
      numbers_elsewhere json not null,
      registered_at_ms bigint not null
    )
  `.execute(database);
  await sql`
    create table branches (
      member_id text collate "C" not null references members (id),
      country_code text collate "C" not null,
      name text not null,
      opened_at_ms bigint not null,
      primary key (member_id, country_code)
    )
  `.execute(database);
  // The second foreign key keeps a branch open as long as a terminal rings for it.
  await sql`
    create table terminals (
      id text collate "C" primary key,
      member_id text collate "C" not null references members (id),
      branch_country_code text collate "C",
      country_code text collate "C" not null,
      name text not null,
      sip_user text collate "C" not null constraint terminals_user_unique unique,
      md5 text collate "C" not null,
      sha256 text collate "C" not null,
      added_at_ms bigint not null,
      constraint terminals_branch foreign key (member_id, branch_country_code)
        references branches (member_id, country_code)
    )
  `.execute(database);
  await sql`create index terminals_of_member on terminals (member_id, id)`.execute(database);
  await sql`
    create table accounts (
      user_id text collate "C" primary key,
      role text collate "C" not null check (role in
        ('individual', 'enterprise-administrator', 'enterprise-agent', 'operator')),
      member_id text collate "C" references members (id) check ((role = 'operator') = (member_id is null)),
      created_at_ms bigint not null
    )
  `.execute(database);
  await sql`create index accounts_of_member on accounts (member_id)`.execute(database);
  await sql`
    create table api_keys (
      id text collate "C" primary key,
      user_id text collate "C" not null,
      name text not null,
      prefix text collate "C" not null,
      digest text collate "C" not null unique,
      created_at_ms bigint not null,
      revoked_at_ms bigint
    )
  `.execute(database);
  await sql`create index api_keys_of_user on api_keys (user_id, id)`.execute(database);
}
