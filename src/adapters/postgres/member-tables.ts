import type { ColumnType } from 'kysely';
import type { Language, MemberKind, Role } from '../../domain/members/index.ts';

export interface MemberTables {
  members: {
    id: string;
    kind: MemberKind;
    name: string;
    address: string;
    document_reference: string | null;
    language: Language;
    email: string;
    reachable_number: string;
    /** A list of operator and number, as JSON. */
    numbers_elsewhere: ColumnType<unknown, string, string>;
    registered_at_ms: bigint;
  };
  branches: {
    member_id: string;
    country_code: string;
    name: string;
    opened_at_ms: bigint;
  };
  terminals: {
    id: string;
    member_id: string;
    branch_country_code: string | null;
    country_code: string;
    name: string;
    sip_user: string;
    md5: string;
    sha256: string;
    added_at_ms: bigint;
  };
  accounts: {
    user_id: string;
    role: Role;
    member_id: string | null;
    created_at_ms: bigint;
  };
  api_keys: {
    id: string;
    user_id: string;
    name: string;
    prefix: string;
    digest: string;
    created_at_ms: bigint;
    revoked_at_ms: bigint | null;
  };
  idempotent_answers: {
    actor_id: string;
    key: string;
    route: string;
    body_hash: string;
    status: number | null;
    body: string | null;
    lease_until_ms: bigint;
    expires_at_ms: bigint;
  };
}
