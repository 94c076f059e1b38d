import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../../test/support/sip-messages.ts';
import { prependHeader, type SipRequest } from '../../../../protocols/sip/message/index.ts';
import { DEFAULT_TIMERS } from '../../../../protocols/sip/transaction/index.ts';
import type { CallInput, CallSetting, CallStep } from './call.ts';
import { placeCall } from './calling.ts';
import { offerOf } from './description.ts';
import { receiveCall } from './ringing.ts';
import { stepCall } from './step.ts';

const SETTING: CallSetting = {
  contact: '<sip:alice@192.0.2.1:5060>',
  tag: 'alice-1',
  sound: { address: '192.0.2.1', port: 4000, sessionId: 7 },
  sipTimers: DEFAULT_TIMERS,
  sessionTimers: { intervalSeconds: 1_800, minSeconds: 90 },
  chance: 0.5,
};
const SDP = { 'Content-Type': 'application/sdp' };
const SOUND = offerOf({ address: '192.0.2.2', port: 5000, sessionId: 9, version: 1, direction: 'sendrecv' });
const OFFER = new TextDecoder().decode(SOUND);

/** One thing that may happen next; `which` chooses among the requests that were sent so far. */
type Move =
  | { readonly kind: 'command'; readonly command: CallInput }
  | { readonly kind: 'request'; readonly method: string; readonly hasOffer: boolean }
  | {
      readonly kind: 'response';
      readonly which: number;
      readonly status: number;
      readonly hasSound: boolean;
      readonly tag: string;
    }
  | { readonly kind: 'no-response'; readonly which: number };

const commands = fc.constantFrom<CallInput>(
  { kind: 'answer' },
  { kind: 'refuse', status: 486 },
  { kind: 'hang-up' },
  { kind: 'hold' },
  { kind: 'resume' },
  { kind: 'transfer', referTo: '<sip:carol@chicago.example>' },
  { kind: 'ack', ack: sipRequest('ACK') },
  { kind: 'cancelled', cancel: sipRequest('CANCEL') },
  { kind: 'timer', timer: 'retransmit' },
  { kind: 'timer', timer: 'give-up' },
  { kind: 'timer', timer: 'refresh' },
  { kind: 'timer', timer: 'expiry' },
  { kind: 'timer', timer: 'glare' },
);

const moves: fc.Arbitrary<Move> = fc.oneof(
  commands.map((command): Move => ({ kind: 'command', command })),
  fc.record({
    kind: fc.constant('request' as const),
    method: fc.constantFrom('INVITE', 'UPDATE', 'BYE', 'INFO', 'OPTIONS', 'NOTIFY', 'PRACK', 'REFER'),
    hasOffer: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('response' as const),
    which: fc.nat(5),
    status: fc.constantFrom(100, 180, 183, 200, 202, 401, 408, 422, 481, 486, 488, 491, 503, 603),
    hasSound: fc.boolean(),
    tag: fc.constantFrom('bob-1', 'bob-2'),
  }),
  fc.record({ kind: fc.constant('no-response' as const), which: fc.nat(5) }),
);

function inputOf(move: Move, sent: readonly SipRequest[], number: number): CallInput | undefined {
  switch (move.kind) {
    case 'command':
      return move.command;
    case 'request': {
      const headers = {
        From: '<sip:bob@biloxi.example>;tag=bob-1',
        To: '<sip:alice@atlanta.example>;tag=alice-1',
        CSeq: `${number} ${move.method}`,
        ...(move.hasOffer ? SDP : {}),
      };
      const wish = move.hasOffer ? { headers, body: OFFER } : { headers };
      return { kind: 'request', request: sipRequest(move.method, wish) };
    }
    case 'no-response': {
      const request = sent[move.which % Math.max(1, sent.length)];
      return request && { kind: 'no-response', request, status: 408 };
    }
    case 'response': {
      const request = sent[move.which % Math.max(1, sent.length)];
      if (request === undefined) return undefined;
      const withVia = prependHeader(request, 'Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1');
      const headers = { To: `<sip:bob@biloxi.example>;tag=${move.tag}`, ...(move.hasSound ? SDP : {}) };
      const response = sipResponse(withVia, move.status, headers);
      const body = move.hasSound ? SOUND : new Uint8Array(0);
      return { kind: 'response', request, response: { ...response, body } };
    }
  }
}

function play(begin: CallStep, list: readonly Move[]) {
  let [call, effects] = begin;
  const all = [...effects];
  const sent: SipRequest[] = [];
  const note = () => {
    for (const effect of effects) if (effect.kind === 'send') sent.push(effect.request);
  };
  note();
  for (const [index, move] of list.entries()) {
    const input = inputOf(move, sent, index + 2);
    if (input === undefined) continue;
    const isOver = call.state === 'ended';
    [call, effects] = stepCall(call, input);
    if (isOver) expect(effects).toEqual([]);
    // Every request is answered, once; a re-INVITE's 200 may be repeated by its timer alone.
    if (input.kind === 'request' && !isOver) {
      const answers = effects.filter((each) => each.kind === 'respond' && each.request === input.request);
      expect(answers.length).toBe(1);
    }
    all.push(...effects);
    note();
  }
  return { call, all };
}

describe('whatever happens to a call, in whatever order', () => {
  const begins = fc.constantFrom<() => CallStep>(
    () =>
      placeCall(SETTING, {
        target: 'sip:bob@biloxi.example',
        from: '<sip:alice@atlanta.example>',
        callId: 'call-1',
      }),
    () =>
      receiveCall(
        SETTING,
        sipRequest('INVITE', {
          headers: { ...SDP, From: '<sip:bob@biloxi.example>;tag=bob-1', To: '<sip:alice@atlanta.example>' },
          body: OFFER,
        }),
      ),
  );

  it('it ends at most once, its timers stop, and requests are answered once', () => {
    fc.assert(
      fc.property(begins, fc.array(moves, { maxLength: 25 }), (begin, list) => {
        const { call, all } = play(begin(), list);
        const tells = all.flatMap((each) => (each.kind === 'tell' ? [each.event.kind] : []));
        expect(tells.filter((kind) => kind === 'ended').length).toBeLessThanOrEqual(1);
        expect(tells.filter((kind) => kind === 'answered').length).toBeLessThanOrEqual(1);
        if (tells.includes('ended')) expect(tells.at(-1)).toBe('ended');
        expect(all.filter((each) => each.kind === 'forget').length).toBe(call.state === 'ended' ? 1 : 0);
        if (call.state !== 'ended' && call.state !== 'leaving') return;
        const runningTimers = new Set<string>();
        for (const effect of all) {
          if (effect.kind === 'start-timer') runningTimers.add(effect.timer);
          if (effect.kind === 'stop-timer') runningTimers.delete(effect.timer);
        }
        expect([...runningTimers]).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
