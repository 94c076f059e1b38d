import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { spell } from '../../../../test/support/transaction-effects.ts';
import type { ClientInput, TransactionEffect } from './effect.ts';
import { startInviteClient, stepInviteClient } from './invite-client.ts';
import type { TimerName } from './timers.ts';

const invite = sipRequest('INVITE', { headers: { Route: ['<sip:p1.example;lr>', '<sip:p2.example;lr>'] } });
const receive = (status: number): ClientInput => ({
  kind: 'response',
  response: sipResponse(invite, status),
});
const fire = (timer: TimerName): ClientInput => ({ kind: 'timer', timer });

/** Runs a transaction through inputs: its last state, and the effects of each input. */
function run(reliable: boolean, ...inputs: ClientInput[]) {
  let [transaction, effects] = startInviteClient(invite, { reliable });
  const all: TransactionEffect[][] = [effects];
  for (const input of inputs) {
    [transaction, effects] = stepInviteClient(transaction, input);
    all.push(effects);
  }
  return { transaction, last: spell(effects), effects, all: all.map(spell) };
}

describe('RFC 3261 §17.1.1.2: the INVITE client transaction, calling', () => {
  it('passes the request to the transport and starts timers A and B on an unreliable transport', () => {
    expect(run(false).last).toEqual(['send INVITE', 'start A 500', 'start B 32000']);
  });

  it('does not start timer A on a reliable transport', () => {
    expect(run(true).last).toEqual(['send INVITE', 'start B 32000']);
  });

  it('when timer A fires, retransmits and resets the timer with twice the interval', () => {
    expect(run(false, fire('A'), fire('A'), fire('A')).all.slice(1)).toEqual([
      ['send INVITE', 'start A 1000'],
      ['send INVITE', 'start A 2000'],
      ['send INVITE', 'start A 4000'],
    ]);
  });

  it('when timer B fires in calling, informs the user of a time-out and sends no ACK', () => {
    expect(run(false, fire('B')).last).toEqual(['stop A', 'stop B', 'timed-out', 'terminated']);
  });

  it('§17.1.4: a transport error in calling is told to the user, and the transaction terminates', () => {
    const { transaction, last } = run(false, { kind: 'transport-failed' });
    expect(last).toEqual(['stop A', 'stop B', 'transport-failed', 'terminated']);
    expect(transaction.state).toBe('terminated');
  });
});

describe('RFC 3261 §17.1.1.2: proceeding', () => {
  it('a provisional response stops retransmissions and is passed to the user', () => {
    const { transaction, last } = run(false, receive(100));
    expect(last).toEqual(['stop A', 'stop B', 'deliver 100']);
    expect(transaction.state).toBe('proceeding');
  });

  it('any further provisional response is passed to the user', () => {
    expect(run(false, receive(100), receive(180)).last).toEqual(['deliver 180']);
  });

  it('§9.1: after CANCEL a final response is waited for no longer than 64*T1', () => {
    const { all, transaction } = run(
      false,
      receive(180),
      { kind: 'cancelled' },
      { kind: 'cancelled' },
      fire('B'),
    );
    expect(all.slice(2)).toEqual([['start B 32000'], [], ['stop B', 'timed-out', 'terminated']]);
    expect(transaction.state).toBe('terminated');
  });

  it('§9.1: a 487 after CANCEL stops that wait', () => {
    expect(run(false, receive(180), { kind: 'cancelled' }, receive(487)).last).toEqual([
      'stop B',
      'send ACK',
      'deliver 487',
      'start D 32000',
    ]);
  });
});

describe('RFC 3261 §17.1.1.2: completed', () => {
  it('a 300-699 is passed to the user and acknowledged, also directly from calling', () => {
    expect(run(false, receive(486)).last).toEqual([
      'stop A',
      'stop B',
      'send ACK',
      'deliver 486',
      'start D 32000',
    ]);
  });

  it('a retransmitted final response is acknowledged again and not passed up', () => {
    expect(run(false, receive(486), receive(486)).last).toEqual(['send ACK']);
  });

  it('timer D is 0 on a reliable transport', () => {
    expect(run(true, receive(180), receive(486)).last).toEqual(['send ACK', 'deliver 486', 'terminated']);
  });

  it('when timer D fires, terminates', () => {
    expect(run(false, receive(486), fire('D')).last).toEqual(['terminated']);
  });

  it('a transport error while acknowledging is told to the user', () => {
    expect(run(false, receive(486), { kind: 'transport-failed' }).last).toEqual([
      'stop D',
      'transport-failed',
      'terminated',
    ]);
  });

  it('a 2xx after a failure is not taken for a success', () => {
    expect(run(false, receive(486), receive(200)).last).toEqual([]);
  });
});

describe('RFC 3261 §17.1.1.3: the ACK for a failure', () => {
  const { effects } = run(false, receive(486));
  const sent = effects.find((effect) => effect.kind === 'send')?.message;
  const ack = sent?.kind === 'request' ? sent : undefined;
  const value = (name: string) => ack?.headers.filter((field) => field.name === name).map((f) => f.value);

  it('has Call-ID, From and Request-URI of the INVITE, and the To of the response', () => {
    expect(ack?.uri).toBe(invite.uri);
    expect(value('Call-ID')).toEqual(['call-1']);
    expect(value('From')).toEqual(['Alice <sip:alice@atlanta.example>;tag=alice-1']);
    expect(value('To')).toEqual(['Bob <sip:bob@biloxi.example>;tag=bob-1']);
  });

  it('has a single Via, the top Via of the INVITE, its CSeq number, and its Route', () => {
    expect(value('Via')).toEqual(['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1']);
    expect(value('CSeq')).toEqual(['1 ACK']);
    expect(value('Route')).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
  });
});

describe('RFC 6026 §7.2: accepted', () => {
  it('a 2xx is passed to the user, and timer M starts with 64*T1', () => {
    const { transaction, last } = run(false, receive(180), receive(200));
    expect(last).toEqual(['start M 32000', 'deliver 200']);
    expect(transaction).toEqual({ state: 'accepted' });
  });

  it('a further 2xx, repeated or of another branch, is passed to the user', () => {
    expect(run(true, receive(200), receive(200)).last).toEqual(['deliver 200']);
  });

  it('any other response is absorbed', () => {
    expect(run(true, receive(200), receive(180)).last).toEqual([]);
    expect(run(true, receive(200), receive(486)).last).toEqual([]);
  });

  it('when timer M fires, terminates', () => {
    expect(run(true, receive(200), fire('M')).last).toEqual(['terminated']);
  });
});
