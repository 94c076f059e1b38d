import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { ackForFailure } from './ack.ts';
import { cancelFor } from './cancel.ts';
import { cancelledTransactionKey, clientTransactionKey, serverTransactionKey } from './key.ts';

const via = (value: string) => ({ headers: { Via: `SIP/2.0/UDP ${value}` } });

describe('RFC 3261 §17.1.3: matching responses to client transactions', () => {
  it('by the branch of the top Via and the method of CSeq', () => {
    const invite = sipRequest('INVITE');
    expect(clientTransactionKey(sipResponse(invite, 180))).toBe(clientTransactionKey(invite));
  });

  it.each([
    'a.example;branch=z9hG4bK-1',
    'a.example;branch=z9hG4bK-1;rport',
    'a.example;rport ; branch = z9hG4bK-1 ;received=192.0.2.1',
    'a.example;BRANCH=z9hG4bK-1',
    'a.example;note=";branch=z9hG4bK-2";branch=z9hG4bK-1',
    'a.example;branch=z9hG4bK-1, SIP/2.0/UDP b.example;branch=z9hG4bK-2',
  ])('§20.42: finds the branch of the first Via in %s', (value) => {
    expect(clientTransactionKey(sipRequest('BYE', via(value)))).toBe('z9hG4bK-1 BYE');
  });

  it('the response to a CANCEL, which has the branch of the INVITE, belongs to the CANCEL', () => {
    const invite = sipRequest('INVITE');
    const cancel = cancelFor(invite);
    expect(clientTransactionKey(sipResponse(cancel, 200))).toBe(clientTransactionKey(cancel));
    expect(clientTransactionKey(cancel)).not.toBe(clientTransactionKey(invite));
  });
});

describe('RFC 3261 §17.2.3: matching requests to server transactions', () => {
  const invite = sipRequest('INVITE', via('192.0.2.1:5060;branch=z9hG4bK-7'));

  it('the ACK for a failure matches the INVITE', () => {
    const ack = ackForFailure(invite, sipResponse(invite, 486));
    expect(serverTransactionKey(ack)).toBe(serverTransactionKey(invite));
  });

  it('a CANCEL is a transaction of its own, and names the INVITE it cancels (§9.2)', () => {
    const cancel = cancelFor(invite);
    expect(serverTransactionKey(cancel)).not.toBe(serverTransactionKey(invite));
    expect(cancelledTransactionKey(cancel)).toBe(serverTransactionKey(invite));
  });

  it('sent-by takes part, because a client could choose the branch of another', () => {
    const other = sipRequest('INVITE', via('192.0.2.66:5060;branch=z9hG4bK-7'));
    expect(serverTransactionKey(other)).not.toBe(serverTransactionKey(invite));
  });

  it('the case of the sent-by host does not matter, nor do parameters added on the way', () => {
    const one = sipRequest('INVITE', via('PC33.Atlanta.example;branch=z9hG4bK-7'));
    const two = sipRequest('INVITE', via('pc33.atlanta.example;branch=z9hG4bK-7;received=192.0.2.1'));
    expect(serverTransactionKey(one)).toBe(serverTransactionKey(two));
  });
});

describe('RFC 3261 §17.2.3: requests of RFC 2543 clients, without the magic cookie', () => {
  const old = (method: string, headers: Record<string, string> = {}) =>
    sipRequest(method, { headers: { Via: 'SIP/2.0/UDP 192.0.2.1', CSeq: `4 ${method}`, ...headers } });
  const invite = old('INVITE');

  it('a retransmission matches', () => {
    expect(serverTransactionKey(old('INVITE'))).toBe(serverTransactionKey(invite));
  });

  it('the ACK matches although its To has the tag of our response', () => {
    const ack = old('ACK', { To: 'Bob <sip:bob@biloxi.example>;tag=bob-1' });
    expect(serverTransactionKey(ack)).toBe(serverTransactionKey(invite));
  });

  it('a CANCEL finds its INVITE', () => {
    expect(cancelledTransactionKey(old('CANCEL'))).toBe(serverTransactionKey(invite));
  });

  it.each([
    ['Call-ID', { 'Call-ID': 'call-2' }],
    ['CSeq number', { CSeq: '5 INVITE' }],
    ['From tag', { From: '<sip:alice@atlanta.example>;tag=alice-2' }],
    ['top Via', { Via: 'SIP/2.0/UDP 192.0.2.9' }],
  ])('another %s is another transaction', (_, headers) => {
    expect(serverTransactionKey(old('INVITE', headers))).not.toBe(serverTransactionKey(invite));
  });
});
