import { describe, expect, it } from 'vitest';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { cancelFor } from './cancel.ts';

describe('RFC 3261 §9.1: CANCEL', () => {
  const invite = sipRequest('INVITE', {
    headers: { Route: '<sip:p1.example;lr>', Authorization: 'Digest username="alice"', CSeq: '42 INVITE' },
    body: 'v=0\r\n',
  });
  const cancel = cancelFor(invite, 'SIP;cause=200;text="Call completed elsewhere"');
  const values = (name: string) => cancel.headers.filter((field) => field.name === name).map((f) => f.value);

  it('has Request-URI, Call-ID, To, the number of CSeq and From of the request, including tags', () => {
    expect(cancel.uri).toBe(invite.uri);
    expect(values('Call-ID')).toEqual(['call-1']);
    expect(values('To')).toEqual(['Bob <sip:bob@biloxi.example>']);
    expect(values('From')).toEqual(['Alice <sip:alice@atlanta.example>;tag=alice-1']);
    expect(values('CSeq')).toEqual(['42 CANCEL']);
  });

  it('has a single Via, which matches the top Via of the request, and its Route', () => {
    expect(values('Via')).toEqual(['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1']);
    expect(values('Route')).toEqual(['<sip:p1.example;lr>']);
  });

  it('has neither body nor credentials', () => {
    expect(cancel.body).toHaveLength(0);
    expect(values('Authorization')).toEqual([]);
  });

  it('RFC 3326: may say why', () => {
    expect(values('Reason')).toEqual(['SIP;cause=200;text="Call completed elsewhere"']);
    expect(cancelFor(invite).headers.some((field) => field.name === 'Reason')).toBe(false);
  });
});
