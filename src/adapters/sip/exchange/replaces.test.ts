import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialogKey } from '../../../protocols/sip/dialog/index.ts';
import { isEarlyOnly, referTargetOf, replacedDialog } from './replaces.ts';

const token = fc.stringMatching(/^[A-Za-z0-9.!%*_+`'~-]{1,20}$/);

describe('RFC 3891 §6.1: a Replaces value', () => {
  it('names the dialog by our tag (to-tag) and the phone’s (from-tag), in any order', () => {
    fc.assert(
      fc.property(token, token, token, fc.boolean(), (callId, localTag, remoteTag, swapped) => {
        const tags = [`to-tag=${localTag}`, `from-tag=${remoteTag}`];
        const value = [`${callId}@host`, ...(swapped ? tags.toReversed() : tags)].join(';');
        expect(replacedDialog(value)).toEqual({
          ok: true,
          value: dialogKey({ callId: `${callId}@host`, localTag, remoteTag }),
        });
      }),
    );
  });

  it('may have blanks, names in any case, and other parameters', () => {
    expect(replacedDialog(' a@b ; TO-TAG = 1 ;from-tag=2; x=y;early-only')).toEqual(
      replacedDialog('a@b;to-tag=1;from-tag=2'),
    );
  });

  it.each(['', ';to-tag=1;from-tag=2', 'a', 'a;to-tag=1', 'a;from-tag=2', 'a;;'])(
    '%j names none and is malformed',
    (value) => {
      expect(replacedDialog(value)).toMatchObject({ ok: false, problem: { status: 400 } });
    },
  );

  it('is never the reason of an exception', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (value) => void replacedDialog(value)));
  });

  it.each([
    ['a;to-tag=1;from-tag=2;early-only', true],
    ['a;to-tag=1; EARLY-ONLY ;from-tag=2', true],
    ['a;to-tag=early-only;from-tag=2', false],
    ['a;to-tag=1;from-tag=2;early-only-not', false],
  ])('%j wants a call that rings: %s', (value, expected) => {
    expect(isEarlyOnly(value)).toBe(expected);
  });
});

describe('RFC 3515 §2.1: a Refer-To', () => {
  it('names a number to dial', () => {
    expect(referTargetOf('"Carol" <sip:0262006201082@omnidial.example;user=phone>;x=y')).toEqual({
      ok: true,
      value: { kind: 'dial', uri: 'sip:0262006201082@omnidial.example;user=phone' },
    });
  });

  it('names a conversation by an escaped Replaces', () => {
    const replaces = 'a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2';
    for (const name of ['Replaces', 'replaces']) {
      expect(referTargetOf(`<sip:carol@omnidial.example?${name}=${replaces}&Require=replaces>`)).toEqual({
        ok: true,
        value: {
          kind: 'take-over',
          dialogKey: dialogKey({ callId: 'a@b', localTag: '1', remoteTag: '2' }),
        },
      });
    }
  });

  it.each([
    ['<sip:omnidial.example>', 400],
    ['', 400],
    ['<sip:a@b', 400],
    ['<mailto:a@b>', 416],
    ['<sip:a@b?Replaces=x>', 400],
    ['<sip:a@b;method=BYE>', 400],
  ])('%j is refused with %i', (referTo, status) => {
    expect(referTargetOf(referTo)).toMatchObject({ ok: false, problem: { status } });
  });
});
