import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import type { SipMessage } from '../message/index.ts';
import { type Dialog, dialogOfUac, dialogOfUas } from './dialog.ts';
import { receiveWithin } from './receive-within.ts';
import { ackWithin, requestWithin } from './request-within.ts';
import { nextHopOf } from './route.ts';

const invite = sipRequest('INVITE', {
  headers: { CSeq: '7 INVITE', 'Proxy-Authorization': 'Digest username="alice"' },
});
const opened = dialogOfUac(invite, sipResponse(invite, 200));
if (!opened.ok) throw new Error(opened.problem.detail);
const dialog = opened.value;

const values = (message: SipMessage, name: string) =>
  message.headers.filter((field) => field.name === name).map((field) => field.value);

describe('RFC 3261 §12.2.1.1: a request within a dialog', () => {
  it('has the remote URI and tag in To, the local ones in From, and the Call-ID of the dialog', () => {
    const [, bye] = requestWithin(dialog, 'BYE');
    expect(values(bye, 'To')).toEqual(['Bob <sip:bob@biloxi.example>;tag=bob-1']);
    expect(values(bye, 'From')).toEqual(['Alice <sip:alice@atlanta.example>;tag=alice-1']);
    expect(values(bye, 'Call-ID')).toEqual(['call-1']);
  });

  it('increases CSeq by one each', () => {
    const [after, first] = requestWithin(dialog, 'INFO');
    const [, second] = requestWithin(after, 'BYE');
    expect([values(first, 'CSeq'), values(second, 'CSeq')]).toEqual([['8 INFO'], ['9 BYE']]);
  });

  it('names our Contact where it may refresh the target, and a new one is remembered', () => {
    expect(values(requestWithin(dialog, 'BYE')[1], 'Contact')).toEqual([]);
    expect(values(requestWithin(dialog, 'UPDATE')[1], 'Contact')).toEqual(['<sip:alice@192.0.2.1:5060>']);
    const [moved] = requestWithin(dialog, 'INVITE', { contact: '<sip:alice@192.0.2.9>' });
    expect(moved.localContact).toBe('<sip:alice@192.0.2.9>');
  });

  it('carries the headers and the body it is given, and no Via', () => {
    const body = new TextEncoder().encode('Signal=5');
    const [, info] = requestWithin(dialog, 'INFO', {
      maxForwards: 12,
      headers: [{ name: 'Content-Type', value: 'application/dtmf-relay' }],
      body,
    });
    expect(values(info, 'Max-Forwards')).toEqual(['12']);
    expect(values(info, 'Content-Type')).toEqual(['application/dtmf-relay']);
    expect(values(info, 'Via')).toEqual([]);
    expect(info.body).toBe(body);
  });

  it('an RFC 2543 peer, without a tag, is sent none', () => {
    const [, bye] = requestWithin({ ...dialog, remoteTag: '' }, 'BYE');
    expect(values(bye, 'To')).toEqual(['Bob <sip:bob@biloxi.example>']);
  });
});

describe('RFC 3261 §12.2.1.1: routes', () => {
  const through = (...routeSet: string[]): Dialog => ({ ...dialog, routeSet });

  it('with an empty route set the Request-URI is the remote target and there is no Route', () => {
    const [, bye] = requestWithin(dialog, 'BYE');
    expect(bye.uri).toBe('sip:bob@192.0.2.2:5060');
    expect(values(bye, 'Route')).toEqual([]);
    expect(nextHopOf(dialog)).toBe('sip:bob@192.0.2.2:5060');
  });

  it('past a loose router the Request-URI is the remote target and Route is the route set', () => {
    const loose = through('<sip:p1.example;lr>', '<sip:p2.example>');
    const [, bye] = requestWithin(loose, 'BYE');
    expect(bye.uri).toBe('sip:bob@192.0.2.2:5060');
    expect(values(bye, 'Route')).toEqual(['<sip:p1.example;lr>', '<sip:p2.example>']);
    expect(nextHopOf(loose)).toBe('sip:p1.example;lr');
  });

  it('past a strict router it is the Request-URI itself, and the remote target ends the Route', () => {
    const strict = through('<sip:p1.example;method=INVITE;transport=tcp?subject=x>', '<sip:p2.example;lr>');
    const [, bye] = requestWithin(strict, 'BYE');
    expect(bye.uri).toBe('sip:p1.example;transport=tcp');
    expect(values(bye, 'Route')).toEqual(['<sip:p2.example;lr>', '<sip:bob@192.0.2.2:5060>']);
    expect(nextHopOf(strict)).toContain('sip:p1.example');
  });
});

describe('RFC 3261 §13.2.2.4: the ACK for a 2xx', () => {
  it('has the CSeq number and the credentials of the INVITE, and goes to the remote target', () => {
    const ack = ackWithin({ ...dialog, localCseq: 12 }, invite);
    expect(values(ack, 'CSeq')).toEqual(['7 ACK']);
    expect(values(ack, 'Proxy-Authorization')).toEqual(['Digest username="alice"']);
    expect(ack.uri).toBe('sip:bob@192.0.2.2:5060');
  });

  it('may answer the offer of the 2xx', () => {
    const body = new TextEncoder().encode('v=0');
    expect(ackWithin(dialog, 7, { body }).body).toBe(body);
  });
});

describe('RFC 3261 §12.2.2: receiving within a dialog', () => {
  const asBob = dialogOfUas(invite, 'bob-1', '<sip:bob@192.0.2.2>');
  if (!asBob.ok) throw new Error(asBob.problem.detail);
  const bob = asBob.value;
  const numbered = (method: string, number: number) =>
    sipRequest(method, {
      headers: { To: 'Bob <sip:bob@biloxi.example>;tag=bob-1', CSeq: `${number} ${method}` },
    });

  it('a higher number is in order, also by more than one, and is remembered', () => {
    expect(receiveWithin(bob, numbered('INFO', 19))).toMatchObject({ ok: true, dialog: { remoteCseq: 19 } });
  });

  it('a lower number is out of order and answered with 500', () => {
    expect(receiveWithin(bob, numbered('INFO', 6))).toMatchObject({ ok: false, status: 500 });
  });

  it('the same number in a new transaction is out of order too', () => {
    expect(receiveWithin(bob, numbered('INFO', 7))).toMatchObject({ ok: false, status: 500 });
  });

  it('an empty remote sequence number is set by any request', () => {
    expect(receiveWithin(dialog, numbered('BYE', 1))).toMatchObject({ ok: true, dialog: { remoteCseq: 1 } });
  });

  it('ACK and CANCEL have the number of their INVITE and are always in order', () => {
    expect(receiveWithin(bob, numbered('ACK', 7))).toEqual({ ok: true, dialog: bob });
    expect(receiveWithin({ ...bob, remoteCseq: 9 }, numbered('ACK', 7)).ok).toBe(true);
    expect(receiveWithin(bob, numbered('CANCEL', 7)).ok).toBe(true);
  });

  it('a BYE that comes again is accepted again', () => {
    const once = receiveWithin(bob, numbered('BYE', 8));
    if (!once.ok) throw new Error(once.detail);
    expect(receiveWithin(once.dialog, numbered('BYE', 8))).toEqual(once);
  });
});
