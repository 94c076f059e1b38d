import type { JsonObject, WebhookEvent } from '../domain/webhooks/index.ts';
import type { CallRecord } from './ports/index.ts';
import { timeOf } from './time-text.ts';

/** Who hears of a call, each in other words: a party learns of the other only what the call shows (ADR 0164). */
type Side = 'operators' | 'caller' | 'callee' | 'both';

/**
 * `call.ended` as operators and each member of the call hear of it; the data are what `GET /v1/calls` shows them.
 * A call ends once: its events have the same ids whenever they are made.
 */
export function callEndedEvents(call: CallRecord): readonly WebhookEvent[] {
  const { callerMemberId, calleeMemberId, endedAtMs } = call;
  if (endedAtMs === undefined) return [];
  const event = (side: Side, memberId?: string): WebhookEvent => ({
    id: `call_ended_${side}_${call.id}`,
    topic: 'calls',
    type: 'call.ended',
    occurredAtMs: endedAtMs,
    ...(memberId === undefined ? {} : { memberId }),
    isForOperators: side === 'operators',
    data: dataFor(side, call),
  });
  const events = [event('operators')];
  if (callerMemberId !== undefined && callerMemberId === calleeMemberId) {
    return [...events, event('both', callerMemberId)];
  }
  if (callerMemberId !== undefined) events.push(event('caller', callerMemberId));
  if (calleeMemberId !== undefined) events.push(event('callee', calleeMemberId));
  return events;
}

function dataFor(side: Side, call: CallRecord): JsonObject {
  return present({
    id: call.id,
    status: call.status,
    calledNumber: call.calledNumber,
    callerNumber: call.callerNumber,
    hungUpBy: call.hungUpBy,
    sipStatus: call.sipStatus,
    q850Cause: call.q850Cause,
    refusal: call.refusal,
    ...(side === 'callee' ? {} : callersPart(call)),
    ...(side === 'caller' ? {} : calleesPart(call)),
    ...(side === 'operators' ? operatorsPart(call) : {}),
    startedAt: timeOf(call.startedAtMs),
    ringingAt: timeOf(call.ringingAtMs),
    answeredAt: timeOf(call.answeredAtMs),
    endedAt: timeOf(call.endedAtMs),
    durationSeconds: durationSeconds(call),
  });
}

function callersPart({ dialled, callerMemberId, callerTerminalId, calleeAddress }: CallRecord) {
  return { dialled, callerMemberId, callerTerminalId, calleeAddress };
}

function calleesPart({ calleeMemberId, calleeTerminalId }: CallRecord) {
  return { calleeMemberId, calleeTerminalId };
}

function operatorsPart({ callerTrunk, calleeTrunk, attempts, media }: CallRecord) {
  const shownAttempts = attempts?.map(({ startedAtMs, ringingAtMs, endedAtMs, ...others }) => ({
    ...others,
    startedAt: timeOf(startedAtMs),
    ringingAt: timeOf(ringingAtMs),
    endedAt: timeOf(endedAtMs),
  }));
  return { callerTrunk, calleeTrunk, attempts: shownAttempts, media };
}

function durationSeconds({ answeredAtMs, endedAtMs }: CallRecord): number | undefined {
  if (answeredAtMs === undefined || endedAtMs === undefined) return undefined;
  return Math.max(0, endedAtMs - answeredAtMs) / 1000;
}

/** The same as JSON has it: what is undefined is absent, at every depth. */
function present(fields: object): JsonObject {
  return JSON.parse(JSON.stringify(fields)) as JsonObject;
}
