import { describe, expect, it } from 'vitest';
import { shownCall } from '../adapters/http/call-shape.ts';
import type { Actor } from '../domain/members/index.ts';
import { isEventId } from '../domain/webhooks/index.ts';
import { callEndedEvents } from './call-events.ts';
import type { CallRecord } from './ports/index.ts';

const NOW_MS = 1_793_000_000_000;
const STREAM = { packets: 1, bytes: 2, refused: 0 };
const WHOLE: CallRecord = {
  ...{ id: '018f0000-0000-7000-8000-000000000001', status: 'completed', dialled: '6200 6200*082' },
  ...{
    callerMemberId: 'mina',
    callerTerminalId: 'desk',
    callerTrunk: 'in',
    callerNumber: '02-6200-6200-082',
  },
  ...{
    calleeMemberId: 'acme',
    calleeTerminalId: 'mobile',
    calleeTrunk: 'out',
    calleeAddress: 'sip:a@b.example',
  },
  calledNumber: '6200-6200#082',
  attempts: [{ trunk: 'out', gateway: 'g', startedAtMs: NOW_MS, endedAtMs: NOW_MS + 5, sipStatus: 503 }],
  media: { fromCaller: STREAM, fromCallee: STREAM },
  ...{
    startedAtMs: NOW_MS,
    ringingAtMs: NOW_MS + 1_000,
    answeredAtMs: NOW_MS + 2_000,
    endedAtMs: NOW_MS + 9_500,
  },
  ...{ lastSeenAtMs: NOW_MS + 9_500, hungUpBy: 'caller', sipStatus: 200, q850Cause: 16 },
};

const member = (memberId: string): Actor => ({ role: 'individual', userId: 'u', memberId });
const OPERATOR: Actor = { role: 'operator', userId: 'u' };

describe('call.ended', () => {
  it('tells each side and operators what they see of the call in the API, and no more', () => {
    const events = callEndedEvents(WHOLE);
    const told = events.map(({ memberId, isForOperators, data }) => ({ memberId, isForOperators, data }));
    expect(told).toEqual([
      { memberId: undefined, isForOperators: true, data: shownCall(OPERATOR, WHOLE) },
      { memberId: 'mina', isForOperators: false, data: shownCall(member('mina'), WHOLE) },
      { memberId: 'acme', isForOperators: false, data: shownCall(member('acme'), WHOLE) },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    expect(events.every(({ id }) => isEventId(id))).toBe(true);
    expect(events.every(({ occurredAtMs }) => occurredAtMs === WHOLE.endedAtMs)).toBe(true);
  });

  it('tells a member that called itself once, of both sides', () => {
    const own = { ...WHOLE, calleeMemberId: 'mina' };
    const [, ...members] = callEndedEvents(own);
    expect(members.map(({ data }) => data)).toEqual([shownCall(member('mina'), own)]);
  });

  it('tells operators alone of a call between other networks, and nothing of one under way', () => {
    const { callerMemberId: _, calleeMemberId: __, ...transit } = WHOLE;
    expect(callEndedEvents(transit)).toHaveLength(1);
    const { endedAtMs: ___, ...underWay } = WHOLE;
    expect(callEndedEvents(underWay)).toEqual([]);
  });
});
