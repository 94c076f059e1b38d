import { describe, expect, it } from 'vitest';
import { type RequestWish, sipRequest, sipResponse } from '../../../../../test/support/sip-messages.ts';
import { cseq, headerValue, type SipRequest, toTag } from '../../../../protocols/sip/message/index.ts';
import { DEFAULT_TIMERS } from '../../../../protocols/sip/transaction/index.ts';
import type { Call, CallEffect, CallInput, CallSetting } from './call.ts';
import { placeCall } from './calling.ts';
import { answerTo, offerOf } from './description.ts';
import { referToReplacing } from './matching.ts';
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
const PLACING = { target: 'sip:bob@biloxi.example', from: '<sip:alice@atlanta.example>', callId: 'call-1' };
const BOBS_SOUND = { address: '192.0.2.2', port: 5000, sessionId: 9, version: 1 } as const;
const G729_ALONE = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.2',
  's=-',
  'c=IN IP4 192.0.2.2',
  't=0 0',
  'm=audio 9 RTP/AVP 18',
  '',
].join('\r\n');
const SDP = { 'Content-Type': 'application/sdp' };

/** A call with what came of it: inputs go in, effects are kept. */
function driven([begun, firstEffects]: [Call, CallEffect[]]) {
  let call = begun;
  let effects = firstEffects;
  return {
    get call() {
      return call;
    },
    /** The last input's effects as a person reads them. */
    get seen() {
      return effects.map(spell);
    },
    input(input: CallInput) {
      [call, effects] = stepCall(call, input);
      return effects.map(spell);
    },
    sent(method: string): SipRequest {
      const found = effects.flatMap((each) =>
        each.kind === 'send' && each.request.method === method ? [each.request] : [],
      );
      if (found[0] === undefined)
        throw new Error(`No ${method} was sent, but ${effects.map(spell).join(', ')}`);
      return found[0];
    },
    answered() {
      const found = effects.find((each) => each.kind === 'respond');
      if (found?.kind !== 'respond') throw new Error('Nothing was answered.');
      return found.response;
    },
    terms: () => effects.findLast((each) => each.kind === 'connect'),
  };
}

function spell(effect: CallEffect): string {
  switch (effect.kind) {
    case 'send':
      return `send ${effect.request.method}`;
    case 'acknowledge':
      return 'ACK';
    case 'respond':
      return `respond ${effect.response.status}`;
    case 'tell':
      return `tell ${effect.event.kind}`;
    case 'start-timer':
    case 'stop-timer':
      return `${effect.kind} ${effect.timer}`;
    default:
      return effect.kind;
  }
}

/** Timers are looked at where they matter. */
const withoutTimers = (seen: readonly string[]) => seen.filter((each) => !each.includes('timer'));

function responseTo(
  request: SipRequest,
  status: number,
  headers: RequestWish['headers'] = {},
  body?: Uint8Array,
) {
  const withVia = {
    ...request,
    headers: [{ name: 'Via', value: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1' }, ...request.headers],
  };
  const response = sipResponse(withVia, status, body === undefined ? headers : { ...SDP, ...headers });
  return { kind: 'response' as const, request, response: { ...response, body: body ?? new Uint8Array(0) } };
}

function bobsAnswer(invite: SipRequest): Uint8Array {
  const answer = answerTo(invite.body, { ...BOBS_SOUND, direction: 'sendrecv' });
  if (answer === undefined) throw new Error('The offer of the phone is not understood.');
  return answer.body;
}

function talking() {
  const phone = driven(placeCall(SETTING, PLACING));
  const invite = phone.sent('INVITE');
  phone.input(responseTo(invite, 200, { Allow: 'INVITE, UPDATE' }, bobsAnswer(invite)));
  return { phone, invite };
}

/** A request of Bob's in the dialog; numbers grow from 1. */
let number = 0;
function fromBob(method: string, wish: RequestWish = {}): CallInput {
  number += 1;
  const headers = {
    From: '<sip:bob@biloxi.example>;tag=bob-1',
    To: '<sip:alice@atlanta.example>;tag=alice-1',
    CSeq: `${number} ${method}`,
    ...wish.headers,
  };
  return { kind: 'request', request: sipRequest(method, { ...wish, headers }) };
}

const asText = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('calling', () => {
  it('RFC 3262 §4: a reliable provisional response is acknowledged, and its sound is heard', () => {
    const phone = driven(placeCall(SETTING, PLACING));
    const invite = phone.sent('INVITE');
    const progress = responseTo(invite, 183, { Require: '100rel', RSeq: '5' }, bobsAnswer(invite));
    expect(phone.input(progress)).toEqual(['send PRACK', 'connect', 'tell early-sound']);
    expect(headerValue(phone.sent('PRACK'), 'RAck')).toBe('5 1 INVITE');
    expect(phone.input(progress)).toEqual([]);
    expect(withoutTimers(phone.input(responseTo(invite, 200)))).toEqual(['ACK', 'connect', 'tell answered']);
  });

  it('RFC 3261 §22.2: a challenge is answered once, with the next number', () => {
    const phone = driven(placeCall(SETTING, PLACING));
    const invite = phone.sent('INVITE');
    const credentials = { name: 'Proxy-Authorization', value: 'Digest …' };
    expect(phone.input({ ...responseTo(invite, 407), credentials })).toEqual(['send INVITE']);
    const second = phone.sent('INVITE');
    expect([cseq(second).number, headerValue(second, 'Proxy-Authorization')]).toEqual([2, 'Digest …']);
    phone.input({ ...responseTo(second, 407), credentials });
    expect(withoutTimers(phone.seen)).toEqual(['tell ended', 'forget']);
  });

  it('RFC 4028 §7.3: asks for a longer session where the other side wants one', () => {
    const phone = driven(placeCall(SETTING, PLACING));
    phone.input(responseTo(phone.sent('INVITE'), 422, { 'Min-SE': '3600' }));
    const { headers } = phone.sent('INVITE');
    expect(headers.filter(({ name }) => ['Session-Expires', 'Min-SE', 'CSeq'].includes(name))).toEqual([
      { name: 'CSeq', value: '2 INVITE' },
      { name: 'Session-Expires', value: '3600' },
      { name: 'Min-SE', value: '3600' },
    ]);
  });

  it('RFC 3261 §13.2.2.4: a 200 that comes again is acknowledged again; one of another phone is ended', () => {
    const { phone, invite } = talking();
    const again = responseTo(invite, 200, {}, bobsAnswer(invite));
    expect(phone.input(again)).toEqual(['ACK']);
    const to = { To: 'Bob <sip:bob@biloxi.example>;tag=bob-2', Contact: '<sip:bob@192.0.2.3>' };
    expect(phone.input(responseTo(invite, 200, to, bobsAnswer(invite)))).toEqual(['ACK', 'send BYE']);
    expect(toTag(phone.sent('BYE'))).toBe('bob-2');
    expect(phone.call.state).toBe('talking');
  });

  it('a 200 after the caller has given up is acknowledged and ended', () => {
    const phone = driven(placeCall(SETTING, PLACING));
    const invite = phone.sent('INVITE');
    expect(phone.input({ kind: 'hang-up' })).toEqual(['cancel', 'tell ended']);
    expect(phone.input({ kind: 'hang-up' })).toEqual([]);
    expect(withoutTimers(phone.input(responseTo(invite, 200, {}, bobsAnswer(invite))))).toEqual([
      'ACK',
      'send BYE',
    ]);
  });

  it('a 200 without sound that we know is acknowledged and ended', () => {
    const phone = driven(placeCall(SETTING, PLACING));
    const input = responseTo(phone.sent('INVITE'), 200);
    expect(withoutTimers(phone.input(input))).toEqual(['ACK', 'send BYE', 'tell ended']);
  });
});

describe('being called', () => {
  const offer = asText(offerOf({ ...BOBS_SOUND, direction: 'sendrecv' }));

  it.each([
    ['RFC 3261 §8.2.2.3: what it requires is unknown', { Require: 'precondition' }, offer, 420],
    ['the sound is of a kind we do not speak', SDP, G729_ALONE, 488],
    ['RFC 4028 §9: the session is too short', { Supported: 'timer', 'Session-Expires': '30' }, offer, 422],
  ])('is refused where %s', (_, headers, body, status) => {
    const phone = driven(
      receiveCall(SETTING, sipRequest('INVITE', { headers: { ...SDP, ...headers }, body })),
    );
    expect(withoutTimers(phone.seen)).toEqual([`respond ${status}`, 'tell ended', 'forget']);
  });

  it('RFC 3264 §5: an INVITE without an offer is answered with ours, and the ACK brings the answer', () => {
    const phone = driven(receiveCall({ ...SETTING, tag: 'bob-1' }, sipRequest('INVITE')));
    expect(withoutTimers(phone.input({ kind: 'answer' }))).toEqual(['respond 200', 'tell answered']);
    const answer = answerTo(phone.answered().body, { ...BOBS_SOUND, direction: 'sendrecv' });
    const ack = sipRequest('ACK', { headers: SDP, body: asText(answer?.body ?? new Uint8Array(0)) });
    expect(withoutTimers(phone.input({ kind: 'ack', ack }))).toEqual(['connect']);
    expect(phone.terms()).toMatchObject({ terms: { remote: { address: '192.0.2.2', port: 5000 } } });
  });

  it('RFC 3261 §13.3.1.4: the 200 is repeated until its ACK comes', () => {
    const invite = sipRequest('INVITE', { headers: SDP, body: offer });
    const phone = driven(receiveCall({ ...SETTING, tag: 'bob-1' }, invite));
    phone.input({ kind: 'answer' });
    expect(phone.input({ kind: 'timer', timer: 'retransmit' })).toEqual([
      'respond 200',
      'start-timer retransmit',
    ]);
    phone.input({ kind: 'ack', ack: sipRequest('ACK') });
    expect(phone.seen).toEqual(['stop-timer retransmit', 'stop-timer give-up']);
  });
});

describe('within a call', () => {
  it('UPDATE and re-INVITE change the sound, and the Contact moves the other side', () => {
    const { phone } = talking();
    const body = asText(offerOf({ ...BOBS_SOUND, port: 5002, direction: 'sendonly' }));
    const headers = { ...SDP, Contact: '<sip:bob@192.0.2.77>' };
    expect(withoutTimers(phone.input(fromBob('UPDATE', { headers, body })))).toEqual([
      'respond 200',
      'connect',
      'tell held',
    ]);
    expect(phone.terms()).toMatchObject({ terms: { remote: { port: 5002 }, direction: 'recvonly' } });
    phone.input({ kind: 'hang-up' });
    expect(phone.sent('BYE').uri).toBe('sip:bob@192.0.2.77');
  });

  it('an offer that cannot be taken leaves the call as it was', () => {
    const { phone } = talking();
    const input = fromBob('INVITE', { headers: SDP, body: G729_ALONE });
    expect(phone.input(input)).toEqual(['respond 488']);
    expect(phone.call.state).toBe('talking');
  });

  it.each([
    ['OPTIONS', {}, '', 200],
    ['INFO', { 'Content-Type': 'text/plain' }, 'hello', 415],
    ['MESSAGE', { 'Content-Type': 'text/plain' }, 'hello', 405],
    ['PRACK', { RAck: '1 1 INVITE' }, '', 481],
    ['NOTIFY', { Event: 'refer' }, '', 481],
  ])('%s is answered', (method, headers, body, status) => {
    expect(talking().phone.input(fromBob(method, { headers, body }))).toEqual([`respond ${status}`]);
  });

  it('a key comes in an INFO', () => {
    const { phone } = talking();
    const headers = { 'Content-Type': 'application/dtmf-relay' };
    expect(phone.input(fromBob('INFO', { headers, body: 'Signal=#\r\nDuration=160\r\n' }))).toEqual([
      'respond 200',
      'tell digit',
    ]);
  });

  it('RFC 3261 §12.2.2: what is out of order is refused', () => {
    const { phone } = talking();
    const first = fromBob('OPTIONS');
    phone.input(fromBob('OPTIONS'));
    expect(phone.input(first)).toEqual(['respond 500']);
  });

  it('hold that is refused is taken back', () => {
    const { phone } = talking();
    expect(phone.input({ kind: 'hold' })).toEqual(['connect', 'send INVITE']);
    const hold = phone.sent('INVITE');
    expect(phone.input(responseTo(hold, 488))).toEqual(['connect', 'tell change-refused']);
    expect(phone.terms()).toMatchObject({ terms: { direction: 'sendrecv' } });
  });

  it('RFC 3261 §14.1: after 491 the hold is tried again, a moment later', () => {
    const { phone } = talking();
    phone.input({ kind: 'hold' });
    expect(phone.input(responseTo(phone.sent('INVITE'), 491))).toEqual(['start-timer glare']);
    expect(phone.input({ kind: 'timer', timer: 'glare' })).toEqual(['send INVITE']);
  });

  it('RFC 3261 §12.2.1.2: 481 to a re-INVITE ends the call', () => {
    const { phone } = talking();
    phone.input({ kind: 'hold' });
    expect(withoutTimers(phone.input(responseTo(phone.sent('INVITE'), 481)))).toEqual([
      'send BYE',
      'tell ended',
    ]);
  });

  it('BYEs that cross are both answered', () => {
    const { phone } = talking();
    phone.input({ kind: 'hang-up' });
    const bye = phone.sent('BYE');
    expect(phone.input(fromBob('BYE'))).toEqual(['respond 200', 'forget']);
    expect(phone.input(responseTo(bye, 481))).toEqual([]);
  });
});

describe('RFC 3515: transfer', () => {
  const notify = (line: string) =>
    fromBob('NOTIFY', {
      headers: { Event: 'refer', 'Subscription-State': 'active', 'Content-Type': 'message/sipfrag' },
      body: `${line}\r\n`,
    });

  it('we leave once the third party has answered', () => {
    const { phone } = talking();
    phone.input({ kind: 'transfer', referTo: '<sip:carol@chicago.example>' });
    const refer = phone.sent('REFER');
    expect(headerValue(refer, 'Refer-To')).toBe('<sip:carol@chicago.example>');
    expect(phone.input(responseTo(refer, 202))).toEqual([]);
    expect(phone.input(notify('SIP/2.0 180 Ringing'))).toEqual(['respond 200']);
    expect(withoutTimers(phone.input(notify('SIP/2.0 200 OK')))).toEqual([
      'respond 200',
      'tell transferred',
      'send BYE',
      'tell ended',
    ]);
  });

  it('we stay where it fails', () => {
    const { phone } = talking();
    phone.input({ kind: 'transfer', referTo: '<sip:carol@chicago.example>' });
    phone.input(responseTo(phone.sent('REFER'), 202));
    expect(phone.input(notify('SIP/2.0 486 Busy Here'))).toEqual(['respond 200', 'tell transfer-failed']);
    phone.input({ kind: 'transfer', referTo: '<sip:dave@chicago.example>' });
    expect(phone.input(responseTo(phone.sent('REFER'), 603))).toEqual(['tell transfer-failed']);
    expect(phone.call.state).toBe('talking');
  });

  it('RFC 3891 §3: an attended one names the dialog as the consulted party knows it', () => {
    const { phone } = talking();
    expect(referToReplacing(phone.call)).toBe(
      '<sip:bob@192.0.2.2:5060?Replaces=call-1%3Bto-tag%3Dbob-1%3Bfrom-tag%3Dalice-1>',
    );
  });
});
