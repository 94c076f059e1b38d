import type { ChargeTerms } from '../../domain/billing/charging/index.ts';
import type { RelayStatistics } from './media.ts';

/** The words for how a call stands or ended (`docs/requirements.md`); the first three are calls still under way. */
export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'answered'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'cancelled';

/** One way to another network that was tried for a call; times in milliseconds since 1970. */
export type AttemptRecord = {
  readonly trunk?: string;
  readonly gateway?: string;
  /** The centre that carried it. */
  readonly centre?: string;
  /** The number as it was sent there. */
  readonly sentNumber?: string;
  /** The SIP address, where it was no trunk. */
  readonly address?: string;
  readonly startedAtMs: number;
  readonly ringingAtMs?: number;
  readonly endedAtMs?: number;
  /** How it failed; absent where it was answered or given up. */
  readonly sipStatus?: number;
  readonly q850Cause?: number;
};

/** One call as it is kept: times in milliseconds since 1970. A call that was answered is there before it ends. */
export type CallRecord = {
  /** A UUID, version 7, so that records sort by their beginning. */
  readonly id: string;
  readonly status: CallStatus;
  /** Absent where a stranger called in from another network. */
  readonly callerMemberId?: string;
  readonly callerTerminalId?: string;
  /** The trunk it came in by. */
  readonly callerTrunk?: string;
  /** As the caller's phone sent it. */
  readonly dialled: string;
  /** How it was read: the canonical text of the number, or absent where it could not be read. */
  readonly calledNumber?: string;
  /** What the callee saw of the caller. */
  readonly callerNumber?: string;
  readonly calleeMemberId?: string;
  readonly calleeTerminalId?: string;
  /** The trunk by which it was answered. */
  readonly calleeTrunk?: string;
  /** The SIP address of a stranger that answered. */
  readonly calleeAddress?: string;
  /** The ways to other networks that were tried, in order; absent where the call stayed within ours. */
  readonly attempts?: readonly AttemptRecord[];
  /** What went through the relay, once the call has ended; absent where sound went from phone to phone. */
  readonly media?: RelayStatistics;
  readonly startedAtMs: number;
  readonly ringingAtMs?: number;
  readonly answeredAtMs?: number;
  readonly endedAtMs?: number;
  /** The last moment the call is known to have lived: where a crash ended the record, the call ends there. */
  readonly lastSeenAtMs: number;
  readonly hungUpBy?: 'caller' | 'callee' | 'exchange';
  /** The final SIP status the caller got, and the cause of ITU-T Q.850. */
  readonly sipStatus?: number;
  readonly q850Cause?: number;
  /** Why it ended, by a code of `docs/errors.md`, where it was refused. */
  readonly refusal?: string;
  /** What its legs are charged by, while it is under way: whoever ends it can charge it. */
  readonly charging?: readonly ChargeTerms[];
};

export type CallRecordFilter = {
  readonly memberId?: string;
  readonly status?: CallStatus;
  /** Calls before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** Keeps call records. */
export type CallRecordStore = {
  /**
   * Inserts or replaces these records by their ids, all or none of them; kept for good when it resolves. A record
   * that has ended never reopens, and a proof of life is never taken back, whatever order versions come in. What an
   * answered call is charged is kept and moved along with its end, once.
   */
  save(records: readonly CallRecord[]): Promise<void>;
  /** Proof that these calls live; of ended and unknown ones it changes nothing. */
  touch(ids: readonly string[], lastSeenAtMs: number): Promise<void>;
  /**
   * Ends what a crash left open at its last proof of life: answered calls as `completed`, others as `failed`,
   * hung up by the exchange, and charged until then. Calls of processes that live are left alone.
   * @returns how many there were
   */
  closeOpen(): Promise<number>;
  find(id: string): Promise<CallRecord | undefined>;
  /** Newest first. */
  list(filter: CallRecordFilter): Promise<readonly CallRecord[]>;
};
