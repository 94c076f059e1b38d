import type { Attempt, Call, CallFacts, KeptLeg, TriedAttempt } from '../domain/exchange/call/index.ts';
import type { AttemptRecord, CallRecord, RelayStatistics } from './ports/index.ts';

/**
 * The record of a call as it stands, for the store.
 * @param nowMs the moment at which the call is known to live
 * @param media what went through the relay, where the call has ended
 */
export function recordOf(call: Call, nowMs: number, media?: RelayStatistics): CallRecord {
  const { charges: _, ...facts } = call.facts;
  const relayed = media === undefined ? {} : { media };
  const begun = { ...facts, lastSeenAtMs: nowMs, ...rang(call), ...attemptsOf(call), ...relayed };
  switch (call.phase) {
    case 'offering':
      return { ...begun, status: call.ringingAtMs === undefined ? 'queued' : 'ringing' };
    case 'answered':
      return {
        ...begun,
        status: 'answered',
        answeredAtMs: call.answeredAtMs,
        ...calleeOf(call.attempt),
        ...chargingOf(call),
      };
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
        ...chargingOf(call),
      };
    }
  }
}

/** By what an answered call is charged: the leg on which it came, and the one on which it was answered. */
function chargingOf({
  facts,
  attempt,
  kept = [],
}: {
  readonly facts: CallFacts;
  readonly attempt?: Attempt;
  readonly kept?: readonly KeptLeg[];
}): Pick<CallRecord, 'charging'> {
  if (attempt === undefined) return {};
  const ofKept = kept.flatMap(({ charges }) => charges);
  const charging = [...(facts.charges ?? []), ...(attempt.charges ?? []), ...ofKept];
  return charging.length === 0 ? {} : { charging };
}

function attemptsOf(call: Call): Pick<CallRecord, 'attempts'> {
  const tried = call.phase === 'offering' ? call.asked.tried : call.tried;
  return tried.length === 0 ? {} : { attempts: tried.map(attemptRecord) };
}

function attemptRecord({
  attempt,
  startedAtMs,
  ringingAtMs,
  endedAtMs,
  outcome,
}: TriedAttempt): AttemptRecord {
  return {
    ...wayOf(attempt),
    startedAtMs,
    ...(ringingAtMs === undefined ? {} : { ringingAtMs }),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    ...(outcome === undefined
      ? {}
      : { sipStatus: outcome.received ?? outcome.sipStatus, q850Cause: outcome.q850Cause }),
  };
}

function wayOf({ party }: Attempt): Partial<AttemptRecord> {
  if (party.kind === 'address') return { address: party.uri };
  if (party.kind !== 'trunk') return {};
  const { trunk, gateway, centre, number } = party;
  return { trunk, gateway, centre, sentNumber: number };
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
