import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { spell } from '../../../../test/support/transaction-effects.ts';
import type { ServerInput } from './effect.ts';
import { startInviteServer, stepInviteServer } from './invite-server.ts';
import type { TimerName } from './timers.ts';

const invite = sipRequest('INVITE');
const again: ServerInput = { kind: 'request', request: invite };
const ack: ServerInput = { kind: 'request', request: sipRequest('ACK') };
const failed: ServerInput = { kind: 'transport-failed' };
const respond = (status: number): ServerInput => ({ kind: 'respond', response: sipResponse(invite, status) });
const fire = (timer: TimerName): ServerInput => ({ kind: 'timer', timer });

function run(reliable: boolean, ...inputs: ServerInput[]) {
  let [transaction, effects] = startInviteServer(invite, { reliable });
  const all = [spell(effects)];
  for (const input of inputs) {
    [transaction, effects] = stepInviteServer(transaction, input);
    all.push(spell(effects));
  }
  return { transaction, last: spell(effects), all };
}

describe('RFC 3261 §17.2.1: the INVITE server transaction, proceeding', () => {
  it('passes the INVITE to the user', () => {
    expect(run(false).last).toEqual(['start trying 200', 'deliver INVITE']);
  });

  it('generates a 100 unless the user answers within 200 ms', () => {
    expect(run(false, fire('trying')).last).toEqual(['send 100']);
    expect(run(false, respond(180)).last).toEqual(['stop trying', 'send 180']);
    expect(run(false, respond(180), fire('trying')).last).toEqual([]);
  });

  it('sends the most recent provisional response for a retransmission of the INVITE', () => {
    expect(run(false, respond(180), respond(183), again).last).toEqual(['send 183']);
    expect(run(false, fire('trying'), again).last).toEqual(['send 100']);
    expect(run(false, again).last).toEqual([]);
  });

  it('RFC 6026 §7.1: a transport error is told to the user and changes no state', () => {
    const { transaction, last } = run(false, respond(180), failed);
    expect(last).toEqual(['transport-failed']);
    expect(transaction.state).toBe('proceeding');
  });
});

describe('RFC 3261 §17.2.1: completed and confirmed', () => {
  it('a 300-699 is sent, and timers G (unreliable transport) and H start', () => {
    expect(run(false, respond(180), respond(486)).last).toEqual(['send 486', 'start G 500', 'start H 32000']);
    expect(run(true, respond(180), respond(486)).last).toEqual(['send 486', 'start H 32000']);
  });

  it('when timer G fires, sends the response again and doubles the timer up to T2', () => {
    const { all } = run(false, respond(486), fire('G'), fire('G'), fire('G'), fire('G'));
    expect(all.slice(2)).toEqual([
      ['send 486', 'start G 1000'],
      ['send 486', 'start G 2000'],
      ['send 486', 'start G 4000'],
      ['send 486', 'start G 4000'],
    ]);
  });

  it('a retransmission of the INVITE is answered with the response', () => {
    expect(run(false, respond(486), again).last).toEqual(['send 486']);
  });

  it('a further final response of the user is discarded', () => {
    expect(run(false, respond(486), respond(200)).last).toEqual([]);
  });

  it('when timer H fires, the ACK was never received and the user is told', () => {
    expect(run(false, respond(486), fire('H')).last).toEqual(['stop G', 'timed-out', 'terminated']);
  });

  it('an ACK leads to confirmed, where timer I absorbs further ACKs for T4', () => {
    const { all, transaction } = run(false, respond(486), ack, ack, again);
    expect(all.slice(2)).toEqual([['stop G', 'stop H', 'start I 5000'], [], []]);
    expect(transaction).toEqual({ state: 'confirmed' });
  });

  it('timer I is 0 on a reliable transport', () => {
    expect(run(true, respond(486), ack).last).toEqual(['stop H', 'terminated']);
  });

  it('when timer I fires, terminates', () => {
    expect(run(false, respond(486), ack, fire('I')).last).toEqual(['terminated']);
  });
});

describe('RFC 6026 §7.1: accepted', () => {
  it('a 2xx is sent and timer L starts with 64*T1, on any transport', () => {
    expect(run(true, respond(180), respond(200)).last).toEqual(['send 200', 'start L 32000']);
    expect(run(false, respond(200)).transaction).toEqual({ state: 'accepted' });
  });

  it('retransmissions of the INVITE are absorbed', () => {
    expect(run(false, respond(200), again).last).toEqual([]);
  });

  it('a 2xx of the user is sent again, anything else is not', () => {
    expect(run(false, respond(200), respond(200)).last).toEqual(['send 200']);
    expect(run(false, respond(200), respond(486)).last).toEqual([]);
  });

  it('an ACK that matches is passed to the user', () => {
    expect(run(false, respond(200), ack).last).toEqual(['deliver ACK']);
  });

  it('a transport error is told to the user and changes no state', () => {
    const { transaction, last } = run(false, respond(200), failed);
    expect(last).toEqual(['transport-failed']);
    expect(transaction.state).toBe('accepted');
  });

  it('when timer L fires, terminates', () => {
    expect(run(false, respond(200), fire('L')).last).toEqual(['terminated']);
  });
});
