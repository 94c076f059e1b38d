import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { headerValue, type SipRequest, type SipResponse } from '../message/index.ts';
import { DEFAULT_TIMERS } from '../transaction/index.ts';
import { judgeProvisional } from './prack.ts';
import {
  type ProvisionalEffect,
  type ProvisionalInput,
  reliabilityOf,
  reliableProvisionals,
  stepReliableProvisionals,
} from './reliable-provisional.ts';

const invite = sipRequest('INVITE', { headers: { CSeq: '7 INVITE' } });
const plain = (status: number): SipResponse => sipResponse(invite, status);
const withSession = (status: number): SipResponse => ({
  ...sipResponse(invite, status, { 'Content-Type': 'application/sdp' }),
  body: new TextEncoder().encode('v=0\r\n'),
});
const provide = (response: SipResponse): ProvisionalInput => ({ kind: 'provisional', response });
const finish = (response: SipResponse): ProvisionalInput => ({ kind: 'final', response });
const fire = (timer: 'retransmit' | 'give-up'): ProvisionalInput => ({ kind: 'timer', timer });
const prackOf = (rack: string): SipRequest =>
  sipRequest('PRACK', { headers: { CSeq: '8 PRACK', RAck: rack } });
const prack = (rack: string): ProvisionalInput => ({ kind: 'prack', prack: prackOf(rack) });

/** An effect in words: `send 183 rseq 100`, `start retransmit 500`, `acknowledged`, `refuse 481`. */
function spell(effect: ProvisionalEffect): string {
  switch (effect.kind) {
    case 'send': {
      const rseq = headerValue(effect.response, 'RSeq');
      return `send ${effect.response.status}${rseq === undefined ? '' : ` rseq ${rseq}`}`;
    }
    case 'start-timer':
      return `start ${effect.timer} ${effect.afterMs}`;
    case 'stop-timer':
      return `stop ${effect.timer}`;
    case 'refuse-prack':
      return `refuse ${effect.status}`;
    case 'give-up':
      return `give up ${effect.status}`;
    case 'acknowledged':
      return 'acknowledged';
  }
}

function run(...inputs: ProvisionalInput[]) {
  let all = reliableProvisionals(100, DEFAULT_TIMERS);
  let effects: ProvisionalEffect[] = [];
  for (const input of inputs) [all, effects] = stepReliableProvisionals(all, input);
  return { all, effects, last: effects.map(spell) };
}

const stops = ['stop retransmit', 'stop give-up'];
const starts = ['start retransmit 500', 'start give-up 32000'];

describe('RFC 3262 §3: reliable provisional responses, UAS', () => {
  it('carries Require: 100rel and an RSeq', () => {
    const { effects, last } = run(provide(plain(180)));
    expect(last).toEqual(['send 180 rseq 100', ...starts]);
    const sent = effects[0]?.kind === 'send' ? effects[0].response : plain(180);
    expect(headerValue(sent, 'Require')).toBe('100rel');
  });

  it('is retransmitted with an interval that starts at T1 and doubles, without a ceiling', () => {
    const again = [1, 2, 3, 4].map(
      (n) => run(provide(plain(180)), ...Array(n).fill(fire('retransmit'))).last,
    );
    expect(again).toEqual(
      [1_000, 2_000, 4_000, 8_000].map((ms) => ['send 180 rseq 100', `start retransmit ${ms}`]),
    );
  });

  it('a matching PRACK ends the retransmissions and is answered with 2xx', () => {
    expect(run(provide(plain(180)), prack('100 7 INVITE')).last).toEqual([...stops, 'acknowledged']);
  });

  it.each([
    ['RSeq', '101 7 INVITE'],
    ['CSeq number', '100 8 INVITE'],
    ['method', '100 7 UPDATE'],
  ])('a PRACK with another %s is answered with 481 and changes nothing', (_, rack) => {
    expect(run(provide(plain(180)), prack(rack)).last).toEqual(['refuse 481']);
  });

  it('a PRACK that acknowledges what is acknowledged already is answered with 481', () => {
    expect(run(provide(plain(180)), prack('100 7 INVITE'), prack('100 7 INVITE')).last).toEqual([
      'refuse 481',
    ]);
  });

  it('a PRACK without a well-formed RAck is answered with 400', () => {
    expect(run(provide(plain(180)), prack('soon')).last).toEqual(['refuse 400']);
  });

  it('a second one is not sent before the first is acknowledged, and has the next RSeq', () => {
    expect(run(provide(plain(183)), provide(plain(180))).last).toEqual([]);
    expect(run(provide(plain(183)), provide(plain(180)), prack('100 7 INVITE')).last).toEqual([
      ...stops,
      'acknowledged',
      'send 180 rseq 101',
      ...starts,
    ]);
  });

  it('without a PRACK for 64*T1 the INVITE is rejected with a 5xx', () => {
    expect(run(provide(plain(180)), fire('give-up')).last).toEqual([...stops, 'give up 504']);
    expect(run(provide(plain(180)), fire('give-up'), fire('retransmit')).last).toEqual([]);
  });

  it('a 2xx waits while a session description is unacknowledged', () => {
    const { last } = run(provide(withSession(183)), finish(plain(200)));
    expect(last).toEqual([]);
    expect(run(provide(withSession(183)), finish(plain(200)), prack('100 7 INVITE')).last).toEqual([
      ...stops,
      'acknowledged',
      'send 200',
    ]);
  });

  it('a 2xx also waits for a session description that is still queued', () => {
    const inputs = [provide(plain(180)), provide(withSession(183)), finish(plain(200))];
    expect(run(...inputs, prack('100 7 INVITE')).last).toEqual([
      ...stops,
      'acknowledged',
      'send 183 rseq 101',
      ...starts,
    ]);
    expect(run(...inputs, prack('100 7 INVITE'), prack('101 7 INVITE')).last).toEqual([
      ...stops,
      'acknowledged',
      'send 200',
    ]);
  });

  it('any other final response is sent at once and ends the retransmissions', () => {
    expect(run(provide(withSession(183)), finish(plain(486))).last).toEqual([...stops, 'send 486']);
    expect(run(provide(plain(180)), finish(plain(200))).last).toEqual([...stops, 'send 200']);
  });

  it('after the final response a PRACK of what was outstanding is still answered with 2xx', () => {
    expect(run(provide(plain(180)), finish(plain(200)), prack('100 7 INVITE')).last).toEqual([
      'acknowledged',
    ]);
  });

  it('nothing provisional follows the final response', () => {
    expect(run(finish(plain(200)), provide(plain(180))).last).toEqual([]);
  });

  it('is sent only where the UAC supports or requires 100rel', () => {
    const asking = (headers: Record<string, string>) => reliabilityOf(sipRequest('INVITE', { headers }));
    expect(asking({})).toBe('unsupported');
    expect(asking({ Supported: 'timer, 100rel' })).toBe('supported');
    expect(asking({ Supported: '100rel', Require: '100rel' })).toBe('required');
  });
});

describe('RFC 3262 §4: reliable provisional responses, UAC', () => {
  const reliable = (rseq: string) => sipResponse(invite, 180, { Require: '100rel', RSeq: rseq });

  it('the first one is acknowledged with its RSeq and the CSeq of the INVITE', () => {
    expect(judgeProvisional(reliable('100'), undefined)).toEqual({
      kind: 'acknowledge',
      rack: '100 7 INVITE',
      rseq: 100,
    });
  });

  it('the next one must be one higher', () => {
    expect(judgeProvisional(reliable('101'), 100)).toMatchObject({ kind: 'acknowledge', rseq: 101 });
  });

  it('a retransmission, or one out of order, is neither acknowledged nor processed', () => {
    expect(judgeProvisional(reliable('100'), 100)).toEqual({ kind: 'ignore' });
    expect(judgeProvisional(reliable('103'), 100)).toEqual({ kind: 'ignore' });
  });

  it('without Require: 100rel, without RSeq, or as a 100, it is not reliable', () => {
    expect(judgeProvisional(sipResponse(invite, 180, { RSeq: '100' }), undefined).kind).toBe('unreliable');
    expect(judgeProvisional(reliable('4294967296'), undefined).kind).toBe('unreliable');
    const trying = sipResponse(invite, 100, { Require: '100rel', RSeq: '1' });
    expect(judgeProvisional(trying, undefined).kind).toBe('unreliable');
  });
});
