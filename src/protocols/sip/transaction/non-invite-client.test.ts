import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { spell } from '../../../../test/support/transaction-effects.ts';
import type { ClientInput } from './effect.ts';
import { startNonInviteClient, stepNonInviteClient } from './non-invite-client.ts';
import type { TimerName } from './timers.ts';

const request = sipRequest('OPTIONS');
const receive = (status: number): ClientInput => ({
  kind: 'response',
  response: sipResponse(request, status),
});
const fire = (timer: TimerName): ClientInput => ({ kind: 'timer', timer });

function run(reliable: boolean, ...inputs: ClientInput[]) {
  let [transaction, effects] = startNonInviteClient(request, { reliable });
  const all = [spell(effects)];
  for (const input of inputs) {
    [transaction, effects] = stepNonInviteClient(transaction, input);
    all.push(spell(effects));
  }
  return { transaction, last: spell(effects), all };
}

describe('RFC 3261 §17.1.2.2: the non-INVITE client transaction', () => {
  it('sends the request and starts timer F, and timer E on an unreliable transport', () => {
    expect(run(false).last).toEqual(['send OPTIONS', 'start E 500', 'start F 32000']);
    expect(run(true).last).toEqual(['send OPTIONS', 'start F 32000']);
  });

  it('timer E doubles until it is T2', () => {
    const { all } = run(false, fire('E'), fire('E'), fire('E'), fire('E'), fire('E'));
    expect(all.slice(1).map((effects) => effects[1])).toEqual([
      'start E 1000',
      'start E 2000',
      'start E 4000',
      'start E 4000',
      'start E 4000',
    ]);
  });

  it('in proceeding the request is still retransmitted, and timer E is reset to T2', () => {
    expect(run(false, receive(100), fire('E')).all.slice(1)).toEqual([
      ['deliver 100'],
      ['send OPTIONS', 'start E 4000'],
    ]);
  });

  it.each([
    ['trying', []],
    ['proceeding', [receive(100)]],
  ])('when timer F fires in %s, informs the user of a time-out', (_, before) => {
    expect(run(false, ...before, fire('F')).last).toEqual(['stop E', 'stop F', 'timed-out', 'terminated']);
  });

  it.each([
    ['trying', []],
    ['proceeding', [receive(100)]],
  ])('a final response in %s is passed to the user and timer K waits T4 for its repetitions', (_, before) => {
    const { transaction, last } = run(false, ...before, receive(404));
    expect(last).toEqual(['stop E', 'stop F', 'deliver 404', 'start K 5000']);
    expect(transaction).toEqual({ state: 'completed' });
  });

  it('timer K is 0 on a reliable transport', () => {
    expect(run(true, receive(200)).last).toEqual(['stop F', 'deliver 200', 'terminated']);
  });

  it('in completed, repetitions are absorbed until timer K fires', () => {
    expect(run(false, receive(200), receive(200), fire('K')).all.slice(2)).toEqual([[], ['terminated']]);
  });

  it('§17.1.4: a transport error is told to the user, and the transaction terminates', () => {
    expect(run(true, { kind: 'transport-failed' }).last).toEqual([
      'stop F',
      'transport-failed',
      'terminated',
    ]);
  });
});
