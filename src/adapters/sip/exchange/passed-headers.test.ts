import { describe, expect, it } from 'vitest';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { headerValue, headerValues, type SipRequest } from '../../../protocols/sip/message/index.ts';
import { ackParts, allows, capabilityHeaders, passedHeaders, unsupportedOptions } from './passed-headers.ts';

function saying(headers: Readonly<Record<string, string>>): SipRequest {
  return sipRequest('INVITE', { headers });
}

/** What the other leg is told under a name. */
function told(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return capabilityHeaders(saying(headers)).find((field) => field.name === name)?.value;
}

describe('what passes between legs', () => {
  it('goes with the body and the people; Via, dialog, credentials and what is unknown stays', () => {
    const message = saying({
      'Content-Type': 'application/sdp',
      Subject: 'Lunch',
      Authorization: 'Digest username="alice"',
      'User-Agent': 'x',
      'X-Own': 'y',
    });
    expect(passedHeaders(message)).toEqual([
      { name: 'Content-Type', value: 'application/sdp' },
      { name: 'Subject', value: 'Lunch' },
    ]);
  });

  it('an ACK that was lost brings nothing', () => {
    expect(ackParts(undefined)).toEqual({});
    const ack = { ...saying({ 'Content-Type': 'application/sdp' }), body: new Uint8Array([1]) };
    expect(ackParts(ack)).toEqual({
      headers: [{ name: 'Content-Type', value: 'application/sdp' }],
      body: new Uint8Array([1]),
    });
  });
});

describe('what one phone can do, as the other is told', () => {
  it('RFC 3311, RFC 3262: UPDATE and PRACK only where the phone itself takes them', () => {
    expect(told({ Allow: 'INVITE, UPDATE' }, 'Allow')).toMatch(/NOTIFY, REFER, UPDATE$/);
    expect(told({ Allow: 'INVITE, PRACK, UPDATE' }, 'Allow')).toMatch(/, PRACK, UPDATE$/);
    expect(told({ Allow: 'INVITE' }, 'Allow')).not.toMatch(/UPDATE|PRACK/);
    expect(allows(saying({ Allow: 'INVITE,UPDATE' }), 'UPDATE')).toBe(true);
  });

  it('RFC 3261 §20.37: 100rel where the phone names it; timer and replaces are our own on every leg', () => {
    expect(told({ Supported: '100REL, outbound' }, 'Supported')).toBe('100rel, replaces, timer');
    expect(told({}, 'Supported')).toBe('replaces, timer');
    expect(told({ Require: '100rel, timer' }, 'Require')).toBe('100rel');
    expect(told({ Require: 'timer' }, 'Require')).toBeUndefined();
  });

  it('RFC 3261 §8.2.2.3: what nobody can do is refused by name', () => {
    expect(unsupportedOptions(saying({ Require: '100rel, timer, replaces, norefersub' }))).toEqual([]);
    expect(unsupportedOptions(saying({ Require: 'Timer, teleport, sec-agree' }))).toEqual([
      'teleport',
      'sec-agree',
    ]);
    expect(unsupportedOptions(saying({}))).toEqual([]);
  });

  it('lists are well-formed', () => {
    const headers = capabilityHeaders(saying({ Supported: '100rel', Allow: 'PRACK' }));
    const message = { ...saying({}), headers };
    expect(headerValue(message, 'Allow')).toBeDefined();
    expect(headerValues(message, 'Allow')).toContain('PRACK');
  });
});
