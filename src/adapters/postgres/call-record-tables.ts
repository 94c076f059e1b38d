import type { CallRecord } from '../../services/ports/index.ts';
import type { ChargeTermsJson } from './charge-rows.ts';

export interface CallRecordTables {
  call_records: {
    id: string;
    status: CallRecord['status'];
    caller_member_id: string | null;
    caller_terminal_id: string | null;
    caller_trunk: string | null;
    dialled: string;
    called_number: string | null;
    caller_number: string | null;
    callee_member_id: string | null;
    callee_terminal_id: string | null;
    callee_trunk: string | null;
    callee_address: string | null;
    attempts: CallRecord['attempts'] | null;
    media: CallRecord['media'] | null;
    started_at_ms: bigint;
    ringing_at_ms: bigint | null;
    answered_at_ms: bigint | null;
    ended_at_ms: bigint | null;
    last_seen_at_ms: bigint;
    hung_up_by: NonNullable<CallRecord['hungUpBy']> | null;
    sip_status: number | null;
    q850_cause: number | null;
    refusal: string | null;
    /** Of a call under way. */
    charging: readonly ChargeTermsJson[] | null;
    /** The process that carries the call. */
    process_id: string | null;
  };
}
