import { describe, expect, it } from 'vitest';
import { type Attempt, refuseCall, startCall, stepCall } from '../domain/exchange/call/index.ts';
import { recordOf } from './record-call.ts';

const FACTS = {
  id: 'call-1',
  callerMemberId: 'ann',
  callerTerminalId: 'ann-desk',
  dialled: '6200-6200',
  calledNumber: '6200-6200#082',
  startedAtMs: 1_000,
};
const DESK: Attempt = {
  id: '0',
  party: { kind: 'terminal', terminalId: 'seoul', memberId: 'acme' },
};

describe('the record of a call', () => {
  it('follows it from the offer to the end', () => {
    const [offered] = startCall(FACTS, [{ attempts: [DESK], delayMs: 0 }]);
    const [ringing] = stepCall(offered, { kind: 'ringing', attemptId: '0' }, 2_000);
    const [answered] = stepCall(ringing, { kind: 'answered', attemptId: '0' }, 3_000);
    const [ended] = stepCall(answered, { kind: 'hung-up', by: 'callee' }, 9_000);
    const begun = { ...FACTS, lastSeenAtMs: 9_500 };
    const callee = { calleeMemberId: 'acme', calleeTerminalId: 'seoul' };
    expect([offered, ringing, answered, ended].map((call) => recordOf(call, 9_500))).toEqual([
      { ...begun, status: 'queued' },
      { ...begun, status: 'ringing', ringingAtMs: 2_000 },
      { ...begun, ...callee, status: 'answered', ringingAtMs: 2_000, answeredAtMs: 3_000 },
      {
        ...begun,
        ...callee,
        status: 'completed',
        ringingAtMs: 2_000,
        answeredAtMs: 3_000,
        endedAtMs: 9_000,
        hungUpBy: 'callee',
        sipStatus: 200,
        q850Cause: 16,
      },
    ]);
  });

  it('of a call that was refused says why, and names no callee', () => {
    const outcome = { sipStatus: 404, q850Cause: 1, refusal: 'number-not-in-service' };
    const [refused] = refuseCall(FACTS, outcome);
    expect(recordOf(refused, 1_000)).toEqual({
      ...FACTS,
      status: 'failed',
      lastSeenAtMs: 1_000,
      endedAtMs: 1_000,
      hungUpBy: 'exchange',
      ...outcome,
    });
  });
});
