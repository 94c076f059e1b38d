import type { Attempt, Call } from '../domain/exchange/call/index.ts';
import type { CallRecord } from './ports/index.ts';

/** The record of a call as it stands, for the store. @param nowMs the moment at which the call is known to live */
export function recordOf(call: Call, nowMs: number): CallRecord {
  const { facts } = call;
  const begun = { ...facts, lastSeenAtMs: nowMs, ...rang(call) };
  switch (call.phase) {
    case 'offering':
      return { ...begun, status: call.ringingAtMs === undefined ? 'queued' : 'ringing' };
    case 'answered':
      return { ...begun, status: 'answered', answeredAtMs: call.answeredAtMs, ...calleeOf(call.attempt) };
    case 'ended': {
      const { status, answeredAtMs, endedAtMs, hungUpBy, outcome, attempt } = call;
      return {
        ...begun,
        status,
        endedAtMs,
        hungUpBy,
        sipStatus: outcome.sipStatus,
        q850Cause: outcome.q850Cause,
        ...(answeredAtMs === undefined ? {} : { answeredAtMs }),
        ...(outcome.refusal === undefined ? {} : { refusal: outcome.refusal }),
        ...calleeOf(attempt),
      };
    }
  }
}

function rang({ ringingAtMs }: { readonly ringingAtMs?: number }): Pick<CallRecord, 'ringingAtMs'> {
  return ringingAtMs === undefined ? {} : { ringingAtMs };
}

function calleeOf(attempt: Attempt | undefined): Partial<CallRecord> {
  if (attempt === undefined) return {};
  const { party } = attempt;
  switch (party.kind) {
    case 'terminal':
      return { calleeMemberId: party.memberId, calleeTerminalId: party.terminalId };
    case 'trunk':
      return {
        calleeTrunk: party.trunk,
        ...(party.memberId === undefined ? {} : { calleeMemberId: party.memberId }),
      };
    case 'voice':
      return {};
    case 'address':
      return { calleeAddress: party.uri };
  }
}
