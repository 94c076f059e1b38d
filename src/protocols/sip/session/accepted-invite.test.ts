import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { DEFAULT_TIMERS } from '../transaction/index.ts';
import { type AcceptedInviteInput, startAcceptedInvite, stepAcceptedInvite } from './accepted-invite.ts';

const invite = sipRequest('INVITE');
const ok = sipResponse(invite, 200);
const ack = sipRequest('ACK', { headers: { To: 'Bob <sip:bob@biloxi.example>;tag=bob-1' } });
const retransmit: AcceptedInviteInput = { kind: 'timer', timer: 'retransmit' };
const stops = [
  { kind: 'stop-timer', timer: 'retransmit' },
  { kind: 'stop-timer', timer: 'give-up' },
];

function run(...inputs: AcceptedInviteInput[]) {
  let [accepted, effects] = startAcceptedInvite(ok, DEFAULT_TIMERS);
  for (const input of inputs) [accepted, effects] = stepAcceptedInvite(accepted, input);
  return { accepted, effects };
}

describe('RFC 3261 §13.3.1.4: the 2xx to an INVITE', () => {
  it('is sent, and again after an interval that starts at T1', () => {
    expect(run().effects).toEqual([
      { kind: 'send', response: ok },
      { kind: 'start-timer', timer: 'retransmit', afterMs: 500 },
      { kind: 'start-timer', timer: 'give-up', afterMs: 32_000 },
    ]);
  });

  it('the interval doubles for each retransmission until it reaches T2', () => {
    const waits = [1, 2, 3, 4, 5].map((times) => run(...Array(times).fill(retransmit)).effects);
    expect(waits.map((effects) => effects[1])).toEqual(
      [1_000, 2_000, 4_000, 4_000, 4_000].map((afterMs) => ({
        kind: 'start-timer',
        timer: 'retransmit',
        afterMs,
      })),
    );
    expect(waits.every((effects) => effects[0]?.kind === 'send')).toBe(true);
  });

  it('retransmissions cease when an ACK for it is received', () => {
    const { accepted, effects } = run(retransmit, { kind: 'ack', ack });
    expect(effects).toEqual([...stops, { kind: 'acknowledged', ack }]);
    expect(stepAcceptedInvite(accepted, retransmit)).toEqual([{ state: 'closed' }, []]);
  });

  it('an ACK that comes again is told once', () => {
    expect(run({ kind: 'ack', ack }, { kind: 'ack', ack }).effects).toEqual([]);
  });

  it('without an ACK for 64*T1 seconds the session is ended with BYE', () => {
    expect(run({ kind: 'timer', timer: 'give-up' }).effects).toEqual([...stops, { kind: 'end-session' }]);
  });

  it('§15: a BYE of the caller, whose ACK was lost, ends the wait too', () => {
    expect(run({ kind: 'session-ended' }).effects).toEqual(stops);
  });
});
