import { describe, expect, it } from 'vitest';
import { hears, isEventId, type WebhookEvent } from './event.ts';
import { bodyOf, headersOf, signedContent } from './message.ts';
import { keyOf, newSecret, ROTATION_MS, rotated, signing } from './secret.ts';
import { readWebhookUrl } from './webhook-url.ts';

describe('Standard Webhooks 1.0, "Signature scheme"', () => {
  it('signs the id, whole seconds and the body with full stops between', () => {
    const body = bodyOf({ type: 'contact.created', data: { id: '1f81' } }, '2022-11-03T20:26:10.344Z');
    expect(signedContent('msg_2K', 1_674_087_231_999, body)).toBe(
      'msg_2K.1674087231.{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344Z","data":{"id":"1f81"}}',
    );
  });

  it('gives the signatures in one header, a space between', () => {
    expect(headersOf('msg_2K', 1_674_087_231_999, ['K5o=', 'hnO='])).toEqual({
      'webhook-id': 'msg_2K',
      'webhook-timestamp': '1674087231',
      'webhook-signature': 'v1,K5o= v1,hnO=',
    });
  });

  it('an id of an event has no full stop, which stands between the parts', () => {
    expect(['call_ended_operators_018f-1', 'x'].every(isEventId)).toBe(true);
    expect(['', 'a.b', 'a b', 'é', 'a\n', 'x'.repeat(101)].some(isEventId)).toBe(false);
  });

  it('a secret is whsec_ and base64 of 32 bytes', () => {
    const secret = newSecret(Uint8Array.from({ length: 32 }, (_, at) => at * 8));
    expect(secret.text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect([...Buffer.from(keyOf(secret), 'base64')]).toEqual(Array.from({ length: 32 }, (_, at) => at * 8));
  });

  it('the secret before signs beside the new one for a day, and three sign at most', () => {
    const [one, two, three, four] = ['1', '2', '3', '4'].map((text) => ({ text }));
    if (!one || !two || !three || !four) throw new Error('four');
    const second = rotated([one], two, 1_000);
    expect(second).toEqual([two, { ...one, untilMs: 1_000 + ROTATION_MS }]);
    const third = rotated(second, three, 2_000);
    expect(third).toEqual([
      three,
      { ...two, untilMs: 2_000 + ROTATION_MS },
      { ...one, untilMs: 1_000 + ROTATION_MS },
    ]);
    expect(rotated(third, four, 3_000).map(({ text }) => text)).toEqual(['4', '3', '2']);
    expect(signing(third, 1_000 + ROTATION_MS - 1)).toHaveLength(3);
    expect(signing(third, 1_000 + ROTATION_MS).map(({ text }) => text)).toEqual(['3', '2']);
    expect(rotated(third, four, 9 * ROTATION_MS).map(({ text }) => text)).toEqual(['4', '3']);
  });
});

describe('who hears of what', () => {
  const event: WebhookEvent = {
    ...{ id: 'a', topic: 'orders', type: 'order.assigned', occurredAtMs: 0, memberId: 'mina', data: {} },
    isForOperators: true,
  };

  it.each([
    ['the member', { memberId: 'mina' }, event, true],
    ['another member', { memberId: 'juno' }, event, false],
    ['an operator', {}, event, true],
    ['an operator, of what is the member’s alone', {}, { ...event, isForOperators: false }, false],
    ['an operator, of what is no test of its own', {}, { ...event, topic: 'test' as const }, false],
    ['the member, of another topic', { memberId: 'mina' }, { ...event, topic: 'calls' as const }, false],
  ])('%s', (_, owner, told, does) => {
    expect(hears({ topics: ['orders', 'alarms'], ...owner }, told)).toBe(does);
  });
});

describe('a URL that events are sent to', () => {
  it.each([
    ['https://Example.com', 'https://example.com/'],
    [' https://example.com:8443/a?b=c#part ', 'https://example.com:8443/a?b=c'],
    ['https://[2001:db8::1]/', 'https://[2001:db8::1]/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ])('%j is %s', (text, url) => {
    expect(readWebhookUrl(text, false)).toEqual({ ok: true, value: url });
  });

  it.each([
    'example.com',
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user:password@example.com/',
    '',
  ])('%j is refused', (text) => {
    expect(readWebhookUrl(text, false)).toMatchObject({ refusal: { code: 'webhook-url-refused' } });
  });

  it('has 2000 letters at most', () => {
    expect(readWebhookUrl(`https://example.com/${'a'.repeat(1_980)}`, false).ok).toBe(true);
    expect(readWebhookUrl(`https://example.com/${'a'.repeat(1_981)}`, false).ok).toBe(false);
  });

  it('without TLS only in a network of one’s own', () => {
    expect(readWebhookUrl('http://127.0.0.1:9000/', true).ok).toBe(true);
    expect(readWebhookUrl('ftp://127.0.0.1:9000/', true).ok).toBe(false);
  });
});
