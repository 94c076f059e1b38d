import type { Call } from '../domain/exchange/call/index.ts';
import type { CallRecord } from './ports/index.ts';

/** The record of a call as it stands, for the store. @param nowMs the moment at which the call is known to live */
export function recordOf(call: Call, nowMs: number): CallRecord {
  const { facts } = call;
  const begun = { ...facts, lastSeenAtMs: nowMs, ...rang(call) };
  switch (call.phase) {
    case 'offering':
      return { ...begun, status: call.ringingAtMs === undefined ? 'queued' : 'ringing' };
    case 'answered':
      return { ...begun, status: 'answered', answeredAtMs: call.answeredAtMs, ...calleeOf(call) };
    case 'ended': {
      const { status, answeredAtMs, endedAtMs, hungUpBy, outcome } = call;
      return {
        ...begun,
        status,
        endedAtMs,
        hungUpBy,
        sipStatus: outcome.sipStatus,
        q850Cause: outcome.q850Cause,
        ...(answeredAtMs === undefined ? {} : { answeredAtMs }),
        ...(outcome.refusal === undefined ? {} : { refusal: outcome.refusal }),
        ...calleeOf(call),
      };
    }
  }
}

function rang({ ringingAtMs }: { readonly ringingAtMs?: number }): Pick<CallRecord, 'ringingAtMs'> {
  return ringingAtMs === undefined ? {} : { ringingAtMs };
}

function calleeOf(call: Extract<Call, { phase: 'answered' | 'ended' }>): Partial<CallRecord> {
  const { attempt } = call;
  if (attempt === undefined) return {};
  return { calleeMemberId: attempt.memberId, calleeTerminalId: attempt.terminalId };
}
