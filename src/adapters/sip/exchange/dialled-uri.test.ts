import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialledBy } from './dialled-uri.ts';

const servesHost = (host: string) => host === 'omnidial.example' || host === '192.0.2.100';

describe('R12: what a URI dials', () => {
  it.each([
    ['sip:0262006200082@omnidial.example', '0262006200082', '0262006200082'],
    ['sip:0262006200082@192.0.2.100:5060;transport=udp', '0262006200082', '0262006200082'],
    ['sip:62006200%23082@omnidial.example', '62006200#082', '62006200%23082'],
    ['sip:62006200*082@OMNIDIAL.example', '62006200*082', '62006200*082'],
    ['sip:+82262006200@omnidial.example;user=phone', '+82262006200', '+82262006200'],
    ['sip:alice%40acme.example@omnidial.example', 'alice@acme.example', 'alice%40acme.example'],
    ['sip:omnidial.example', '', ''],
    ['sips:1@omnidial.example', '1', '1'],
  ])('%s: the user part, at a host of ours', (uri, dialled, user) => {
    expect(dialledBy(uri, servesHost)).toEqual({ ok: true, value: { dialled, user } });
  });

  it.each(['sip:bob@elsewhere.example', 'sip:bob@elsewhere.example:5080;transport=tcp'])(
    '%s: the whole URI, at any other host',
    (uri) => {
      expect(dialledBy(uri, servesHost)).toEqual({ ok: true, value: { dialled: uri, user: 'bob' } });
    },
  );

  it('RFC 3966: a tel URI is a number, and can stand in a SIP URI', () => {
    expect(dialledBy('tel:+82-2-6200-6200;ext=1', servesHost)).toEqual({
      ok: true,
      value: { dialled: 'tel:+82-2-6200-6200;ext=1', user: '%2B82-2-6200-6200%3Bext%3D1' },
    });
  });

  it.each([
    ['mailto:bob@omnidial.example', 416],
    ['0262006200082', 400],
    ['sip:', 400],
  ])('%s is refused with %i', (uri, status) => {
    expect(dialledBy(uri, servesHost)).toMatchObject({ ok: false, problem: { status } });
  });

  it('is never the reason of an exception', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }).map((rest) => `tel:${rest}`),
      fc.string({ maxLength: 40 }).map((rest) => `sip:${rest}@omnidial.example`),
      fc.constant('tel:\ud800'),
    );
    fc.assert(fc.property(text, (uri) => void dialledBy(uri, servesHost)));
  });
});
