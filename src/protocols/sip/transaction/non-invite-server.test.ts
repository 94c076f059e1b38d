import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { spell } from '../../../../test/support/transaction-effects.ts';
import type { ServerInput } from './effect.ts';
import { startNonInviteServer, stepNonInviteServer } from './non-invite-server.ts';

const request = sipRequest('REGISTER');
const again: ServerInput = { kind: 'request', request };
const failed: ServerInput = { kind: 'transport-failed' };
const respond = (status: number): ServerInput => ({
  kind: 'respond',
  response: sipResponse(request, status),
});

function run(reliable: boolean, ...inputs: ServerInput[]) {
  let [transaction, effects] = startNonInviteServer(request, { reliable });
  for (const input of inputs) [transaction, effects] = stepNonInviteServer(transaction, input);
  return { transaction, last: spell(effects) };
}

describe('RFC 3261 §17.2.2: the non-INVITE server transaction', () => {
  it('passes the request to the user', () => {
    expect(run(false).last).toEqual(['deliver REGISTER']);
  });

  it('in trying, retransmissions are discarded', () => {
    expect(run(false, again).last).toEqual([]);
  });

  it('in proceeding, a retransmission is answered with the most recent provisional response', () => {
    expect(run(false, respond(100), again).last).toEqual(['send 100']);
  });

  it('a final response is sent and kept for retransmissions for 64*T1', () => {
    expect(run(false, respond(200)).last).toEqual(['send 200', 'start J 32000']);
    expect(run(false, respond(200), again).last).toEqual(['send-again']);
    expect(run(false, respond(200), { kind: 'timer', timer: 'J' }).last).toEqual(['terminated']);
  });

  it('timer J is 0 on a reliable transport', () => {
    expect(run(true, respond(100), respond(200)).last).toEqual(['send 200', 'terminated']);
  });

  it('any other final response in completed is discarded', () => {
    expect(run(false, respond(200), respond(500)).last).toEqual([]);
  });

  it('§17.2.4: a transport error is told to the user, and the transaction terminates', () => {
    expect(run(false, respond(100), failed).last).toEqual(['transport-failed', 'terminated']);
    expect(run(false, respond(200), failed).last).toEqual(['stop J', 'transport-failed', 'terminated']);
  });
});
