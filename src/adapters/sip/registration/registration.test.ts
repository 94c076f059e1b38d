import { describe, expect, it } from 'vitest';
import { sipResponse } from '../../../../test/support/sip-messages.ts';
import { cseq, headerValue, prependHeader, type SipRequest } from '../../../protocols/sip/message/index.ts';
import {
  newRegistration,
  type RegistrationEffect,
  type RegistrationInput,
  stepRegistration,
} from './registration.ts';

const SETTING = {
  registrar: 'sip:acme.example',
  aor: '<sip:t-1@acme.example>',
  tag: 'a',
  callId: 'c',
  contact: '<sip:t-1@192.0.2.1:5060>',
  userAgent: 'Omnidial phone',
};
const credentials = { name: 'Authorization', value: 'Digest …' };

function driven() {
  let registration = newRegistration(SETTING, 300);
  let last: RegistrationEffect[] = [];
  const input = (given: RegistrationInput) => {
    [registration, last] = stepRegistration(registration, given);
    return last.map((effect) => {
      if (effect.kind === 'send') return `send ${headerValue(effect.request, 'Expires')}`;
      if (effect.kind === 'start-timer') return `timer ${effect.afterMs}`;
      return effect.kind === 'tell' ? effect.event.kind : effect.kind;
    });
  };
  const sent = (): SipRequest => {
    const send = last.find((effect) => effect.kind === 'send');
    if (send?.kind !== 'send') throw new Error('Nothing was sent.');
    return send.request;
  };
  const answer = (status: number, headers: Record<string, string> = {}, more: object = {}) => {
    const request = sent();
    const withVia = prependHeader(request, 'Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1');
    const response = sipResponse(withVia, status, { Contact: SETTING.contact, ...headers });
    return input({ kind: 'response', request, response, ...more });
  };
  return { input, sent, answer, event: () => last.find((effect) => effect.kind === 'tell') };
}

describe('RFC 3261 §10.2: a registration', () => {
  it('answers the challenge, and is refreshed before it expires', () => {
    const phone = driven();
    expect(phone.input({ kind: 'register' })).toEqual(['send 300']);
    expect(phone.answer(401, {}, { credentials })).toEqual(['send 300']);
    expect(headerValue(phone.sent(), 'Authorization')).toBe('Digest …');
    const contacts = '<sip:other@192.0.2.9>;expires=900, <sip:t-1@192.0.2.1:5060>;expires=100';
    expect(phone.answer(200, { Contact: contacts })).toEqual(['timer 80000', 'registered']);
    expect(phone.input({ kind: 'timer' })).toEqual(['send 300']);
    expect(cseq(phone.sent()).number).toBe(3);
  });

  it('says of a wrong password that it is wrong, and does not try it again', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    phone.answer(401, {}, { credentials });
    expect(phone.answer(401, {}, { credentials })).toEqual(['stop-timer', 'registration-refused']);
    expect(phone.event()).toMatchObject({ event: { isWrongPassword: true, status: 401 } });
  });

  it('RFC 7616 §3.3: a stale nonce is no wrong password', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    phone.answer(401, {}, { credentials });
    expect(phone.answer(401, {}, { credentials, isStale: true })).toEqual(['send 300']);
    expect(phone.answer(401, {}, { credentials, isStale: true })).toEqual([
      'stop-timer',
      'registration-refused',
    ]);
  });

  it('§10.2.8: asks for longer where that is wanted', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    expect(phone.answer(423, { 'Min-Expires': '600' })).toEqual(['send 600']);
  });

  it('a first attempt that fails is not repeated', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    expect(phone.input({ kind: 'no-response', status: 408 })).toEqual(['stop-timer', 'registration-refused']);
  });

  it('a refresh that fails is tried again, more and more rarely, and said once', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    phone.answer(200);
    phone.input({ kind: 'timer' });
    expect(phone.input({ kind: 'no-response', status: 503 })).toEqual(['timer 2000', 'registration-lost']);
    phone.input({ kind: 'timer' });
    expect(phone.input({ kind: 'no-response', status: 503 })).toEqual(['timer 4000']);
    phone.input({ kind: 'timer' });
    expect(phone.answer(200)).toEqual(['timer 240000', 'registered']);
  });

  it('a connection that is gone is made anew at once', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    phone.answer(200);
    expect(phone.input({ kind: 'connection-closed' })).toEqual(['stop-timer', 'send 300']);
  });

  it('§10.2.2: is taken back on leaving, with credentials too', () => {
    const phone = driven();
    phone.input({ kind: 'register' });
    phone.answer(200);
    expect(phone.input({ kind: 'unregister' })).toEqual(['stop-timer', 'send 0']);
    expect(phone.answer(401, {}, { credentials })).toEqual(['send 0']);
    expect(phone.answer(200)).toEqual(['unregistered']);
  });
});
