import type { ColumnType } from 'kysely';
import type { AliasKind, FollowMe } from '../../domain/members/index.ts';

export interface AliasTables {
  aliases: {
    id: string;
    member_id: string;
    kind: AliasKind;
    value: string;
    /** Empty for all but numbers at operators, since a unique index takes no two nulls for the same. */
    operator_id: string;
    fallback_country_code: string | null;
    record_token: string | null;
    claimed_at_ms: bigint;
    /** An `AliasProof`, as JSON. */
    proof: ColumnType<unknown, string, string>;
    proven_at_ms: bigint | null;
    check_at_ms: bigint | null;
    version: number;
  };
  alias_sendings: {
    member_id: string;
    kind: AliasKind;
    value: string;
    operator_id: string;
    sent_at_ms: bigint;
  };
  follow_mes: {
    member_id: string;
    number: string;
    mode: FollowMe['mode'];
    after_ms: number;
  };
}
