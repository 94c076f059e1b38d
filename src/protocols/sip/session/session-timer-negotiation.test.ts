import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { sessionExpiresOf } from './session-expires.ts';
import {
  answerSessionTimer,
  policyAfter422,
  sessionTimerOffer,
  sessionTimerTerms,
} from './session-timer-negotiation.ts';

const policy = { intervalSeconds: 1_800, minSeconds: 90 };
const strict = { intervalSeconds: 1_800, minSeconds: 600 };
const asking = (headers: Record<string, string>) => sipRequest('INVITE', { headers });
const response = (status: number, headers: Record<string, string>) =>
  sipResponse(sipRequest('INVITE'), status, headers);

describe('RFC 4028 §4: Session-Expires', () => {
  it.each([
    ['1800', { seconds: 1800 }],
    ['1800;refresher=uac', { seconds: 1800, refresher: 'uac' }],
    ['1800 ; a=b ; Refresher = UAS', { seconds: 1800, refresher: 'uas' }],
    ['1800;refresher=proxy', { seconds: 1800 }],
    ['soon', undefined],
    ['-5', undefined],
  ])('%s', (value, expected) => {
    expect(sessionExpiresOf(asking({ 'Session-Expires': value }))).toEqual(expected);
  });
});

describe('RFC 4028 §7.1: the UAC asks', () => {
  it('with Supported: timer and Session-Expires, and leaves the refresher to the UAS', () => {
    expect(sessionTimerOffer(policy)).toEqual([
      { name: 'Supported', value: 'timer' },
      { name: 'Session-Expires', value: '1800' },
    ]);
  });

  it('with Min-SE where it is not 90, and never with a Session-Expires below it', () => {
    expect(sessionTimerOffer({ intervalSeconds: 300, minSeconds: 600 }).slice(1)).toEqual([
      { name: 'Session-Expires', value: '600' },
      { name: 'Min-SE', value: '600' },
    ]);
  });

  it('§7.4: a refresh names who refreshes at present', () => {
    expect(sessionTimerOffer(policy, 'uac')[1]?.value).toBe('1800;refresher=uac');
  });
});

describe('RFC 4028 §7.3: the UAC after a 422', () => {
  it('asks again with the Min-SE of the 422 as interval and as Min-SE', () => {
    const raised = policyAfter422({ ...policy, intervalSeconds: 300 }, response(422, { 'Min-SE': '900' }));
    expect(raised).toEqual({ intervalSeconds: 900, minSeconds: 900 });
  });

  it.each([
    ['names no Min-SE', {}],
    ['names one we asked for already', { 'Min-SE': '1800' }],
    ['names an absurd one', { 'Min-SE': '4000000000' }],
  ])('does not ask again where the 422 %s', (_, headers) => {
    expect(policyAfter422(policy, response(422, headers))).toBeUndefined();
  });
});

describe('RFC 4028 §9: the UAS answers', () => {
  const supported = { Supported: 'timer' };

  it('422 with its Min-SE where the interval is too small', () => {
    expect(answerSessionTimer(asking({ ...supported, 'Session-Expires': '120' }), strict)).toEqual({
      kind: 'too-small',
      headers: [{ name: 'Min-SE', value: '600' }],
    });
  });

  it('does not lengthen the interval, and may shorten it', () => {
    const terms = (seconds: string) =>
      answerSessionTimer(asking({ ...supported, 'Session-Expires': seconds }), policy);
    expect(terms('300')).toMatchObject({ terms: { intervalSeconds: 300 } });
    expect(terms('7200')).toMatchObject({ terms: { intervalSeconds: 1_800 } });
  });

  it('does not shorten it below the Min-SE of the request', () => {
    const request = asking({ ...supported, 'Session-Expires': '7200', 'Min-SE': '3600' });
    expect(answerSessionTimer(request, policy)).toMatchObject({ terms: { intervalSeconds: 3_600 } });
  });

  it.each([
    ['the one the UAC named', { 'Session-Expires': '1800;refresher=uas' }, 'uas', 'local'],
    ['the one the UAC named', { 'Session-Expires': '1800;refresher=uac' }, 'uac', 'remote'],
    ['the UAC where it leaves the choice', { 'Session-Expires': '1800' }, 'uac', 'remote'],
  ])('the refresher is %s, and the 2xx requires timer', (_, headers, refresher, side) => {
    expect(answerSessionTimer(asking({ ...supported, ...headers }), policy)).toEqual({
      kind: 'agreed',
      headers: [
        { name: 'Require', value: 'timer' },
        { name: 'Session-Expires', value: `1800;refresher=${refresher}` },
      ],
      terms: { intervalSeconds: 1_800, refresher: side },
    });
  });

  it('a UAC that does not support the timer is not made to refresh', () => {
    expect(answerSessionTimer(asking({}), policy)).toEqual({
      kind: 'agreed',
      headers: [{ name: 'Session-Expires', value: '1800;refresher=uas' }],
      terms: { intervalSeconds: 1_800, refresher: 'local' },
    });
  });

  it.each(['0', '30', '9999999999'])('a hostile interval of %s s becomes no absurd timer', (value) => {
    const answer = answerSessionTimer(asking({ 'Session-Expires': value, 'Min-SE': value }), policy);
    const seconds = answer.kind === 'agreed' ? answer.terms.intervalSeconds : 0;
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThanOrEqual(86_400);
  });
});

describe('RFC 4028 §7.2: the UAC reads the 2xx', () => {
  it.each([
    ['1200;refresher=uac', { intervalSeconds: 1_200, refresher: 'local' }],
    ['1200;refresher=uas', { intervalSeconds: 1_200, refresher: 'remote' }],
    ['1200', { intervalSeconds: 1_200, refresher: 'local' }],
    ['0;refresher=uac', { intervalSeconds: 90, refresher: 'local' }],
    ['9999999999;refresher=uas', { intervalSeconds: 86_400, refresher: 'remote' }],
  ])('Session-Expires: %s', (value, terms) => {
    expect(sessionTimerTerms(response(200, { 'Session-Expires': value }), policy)).toEqual(terms);
  });

  it('where the UAS does not know the timer, our side refreshes', () => {
    expect(sessionTimerTerms(response(200, {}), policy)).toEqual({
      intervalSeconds: 1_800,
      refresher: 'local',
    });
  });
});
